//! Walks from one latent point to another.

/// The point at a share of the straight way. A box holds the straight way between any two of its points.
pub(super) fn straight(from: &[f32], to: &[f32], share: f32) -> Vec<f32> {
    from.iter().zip(to).map(|(x, y)| (1.0 - share) * x + share * y).collect()
}

/// The point at a share of the angle between two points (Shoemake 1985), and of the way between their lengths: keeps the
/// length that Gaussian points have, whatever the angle.
///
/// Points in one direction have no angle between them, and neither have points on a line: the way is straight. Of the many
/// great circles through opposite points it is the one that leaves along the axis to which `from` is most nearly at a right
/// angle.
pub(super) fn great_circle(from: &[f32], to: &[f32], share: f32) -> Vec<f32> {
    let (a, b, t) = (doubled(from), doubled(to), f64::from(share));
    let [long, wide] = [&a, &b].map(|point| dot(point, point).sqrt());
    let cosine = dot(&a, &b) / (long * wide);
    // A point at zero has no direction, and no cosine.
    if from.len() < 2 || cosine > 1.0 - NEARLY || cosine.is_nan() {
        return straight(from, to, share);
    }
    let length = (1.0 - t) * long + t * wide;
    let (p, q, other) = if cosine < NEARLY - 1.0 {
        let (sine, cosine) = (std::f64::consts::PI * t).sin_cos();
        (cosine, sine, at_right_angle(&a))
    } else {
        let angle = cosine.acos();
        let other = b.iter().map(|x| x / wide).collect();
        (((1.0 - t) * angle).sin() / angle.sin(), (t * angle).sin() / angle.sin(), other)
    };
    a.iter().zip(&other).map(|(x, y)| (length * (p * x / long + q * y)) as f32).collect()
}

/// How near to 1 a cosine is of which the angle cannot be divided by.
const NEARLY: f64 = 1e-10;

/// A direction of length 1 at a right angle to a point.
fn at_right_angle(point: &[f64]) -> Vec<f64> {
    let least = point.iter().enumerate().min_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
    let axis = least.map_or(0, |(i, _)| i);
    let along = point.get(axis).copied().unwrap_or_default() / dot(point, point);
    let side: Vec<f64> =
        point.iter().enumerate().map(|(i, x)| f64::from(u8::from(i == axis)) - along * x).collect();
    let length = dot(&side, &side).sqrt();
    side.iter().map(|x| x / length).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn doubled(point: &[f32]) -> Vec<f64> {
    point.iter().map(|&x| f64::from(x)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 32;

    fn length(point: &[f32]) -> f64 {
        dot(&doubled(point), &doubled(point)).sqrt()
    }

    /// Walks, and checks that the way is finite, joins both ends in small steps and leaves no ball that holds them.
    fn check(from: &[f32], to: &[f32], shortest: f64) {
        let way: Vec<Vec<f32>> = (0..=N).map(|i| great_circle(from, to, i as f32 / N as f32)).collect();
        let apart = |a: &[f32], b: &[f32]| length(&a.iter().zip(b).map(|(x, y)| x - y).collect::<Vec<_>>());
        let longest = length(from).max(length(to));
        assert!(apart(&way[0], from) < 1e-5 && apart(&way[N], to) < 2e-5, "{way:?}");
        for pair in way.windows(2) {
            assert!(apart(&pair[0], &pair[1]) < 4.0 * longest / N as f64, "{pair:?}");
        }
        for point in &way {
            assert!(
                (shortest - 1e-5..=longest + 1e-5).contains(&length(point)),
                "{point:?} of {from:?} {to:?}"
            );
        }
    }

    #[test]
    fn ways_keep_the_length_and_are_defined_everywhere() {
        check(&[1.0, 0.0], &[0.0, 1.0], 1.0);
        // Opposite points, exactly and nearly.
        check(&[1.0, 0.0], &[-1.0, 0.0], 1.0);
        check(&[0.6, -0.8, 0.0], &[-0.6, 0.8, 0.0], 1.0);
        check(&[1.0, 0.0], &[-1.0, 1e-5], 1.0);
        check(&[1.0, 0.0], &[-1.2, 1e-4], 1.0);
        check(&[1.0, 0.0, 0.0], &[-1.2, 2e-3, 0.1], 1.0);
        check(&[2.0, 0.0], &[-1.0, 0.0], 1.0);
        // The same direction, and a point at zero.
        check(&[1.0, 1.0], &[1.5, 1.5], 2f64.sqrt());
        check(&[0.0, 0.0], &[1.0, 0.0], 0.0);
        // On a line there is no way around zero.
        check(&[1.0], &[-1.2], 0.0);
        check(&[0.3], &[1.0], 0.3);
    }
}
