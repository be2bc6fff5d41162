//! Where a line says which step it is of.

/// What a name of a counter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Passes over the data.
    Epoch,
    /// An index without a name, or ticks: only where there is nothing better.
    Index,
    /// Batches, of the epoch or of all.
    Batch,
    /// Steps.
    Step,
    /// Thousands of images.
    Kimg,
}

/// Which step a line is of, as far as it says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Clock {
    /// The epoch.
    pub epoch: Option<u64>,
    /// The step, or the batch within the epoch.
    pub step: Option<u64>,
    /// How many steps the log says there are of the same kind.
    pub total: Option<u64>,
    /// Is the step called a batch, so that it begins again with each epoch?
    pub is_batch: bool,
}

/// No run makes more steps: a larger number is no step.
const LAST: f64 = (1u64 << 48) as f64;

/// What a column or a word counts, if it is a counter: `epoch`, `global_step`, `Progress/kimg`.
pub(crate) fn place(name: &str) -> Option<Place> {
    let name = name.trim().trim_matches('_').to_ascii_lowercase().replace([' ', '-', '.'], "_");
    let last = name.rsplit('/').next().unwrap_or("");
    match last {
        "epoch" | "epochs" | "ep" | "epoch_num" | "n_epoch" | "epoch_index" | "current_epoch" => {
            Some(Place::Epoch)
        }
        "kimg" => Some(Place::Kimg),
        "step" | "steps" | "global_step" | "globalstep" | "total_steps" | "n_steps" | "train_step"
        | "current_step" | "cur_step" => Some(Place::Step),
        "iter" | "iters" | "iteration" | "iterations" | "itr" | "it" | "iternum" | "iter_num" | "n_iter"
        | "niter" | "total_iters" | "batches_done" | "batch_no" | "update" | "updates" | "cur_iter" => {
            Some(Place::Step)
        }
        "batch" | "batches" | "minibatch" | "batch_idx" | "batch_id" | "batch_i" | "batch_num"
        | "batch_index" => Some(Place::Batch),
        "" | "index" | "unnamed:_0" | "unnamed__0" | "tick" => Some(Place::Index),
        _ => None,
    }
}

/// A number as a step.
pub(crate) fn step(value: f64) -> Option<u64> {
    (0.0..=LAST).contains(&value).then_some((value + 1e-6) as u64)
}

/// The words of a line before a counter. Not `steps` or `epochs`, which settings say.
fn word(word: &[u8]) -> Option<Place> {
    if word.len() > 11 {
        return None;
    }
    let is = |other: &[u8]| word.eq_ignore_ascii_case(other);
    match word[0] | 0x20 {
        b'e' if is(b"epoch") || is(b"ep") => Some(Place::Epoch),
        b's' if is(b"step") => Some(Place::Step),
        b'g' if is(b"global_step") => Some(Place::Step),
        b'i' if [&b"iter"[..], b"iters", b"iteration", b"itr", b"it"].into_iter().any(is) => {
            Some(Place::Step)
        }
        b'b' if is(b"batch") => Some(Place::Batch),
        b'k' if is(b"kimg") => Some(Place::Kimg),
        _ => None,
    }
}

/// A counter in a line, perhaps with what it counts up to: `3`, `[ 3/200]`.
struct Counter {
    at: u64,
    of: Option<u64>,
    end: usize,
}

/// What the counters of a line say. `kimg` is set where the step counts thousands of images.
pub(crate) fn find(line: &[u8], kimg: &mut bool) -> Clock {
    let mut clock = leading(line);
    let mut rank = None;
    let mut batch = None;
    let mut bare: Vec<Counter> = Vec::new();
    let mut at = 0;
    while at < line.len() {
        // The rest of a line holds values: most lines are told after a few letters.
        if bare.len() == 2 || clock.epoch.is_some() && rank >= Some(Place::Batch) {
            break;
        }
        let byte = line[at];
        if byte.is_ascii_alphabetic() {
            let end = at + line[at..].iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
            let place = word(&line[at..end]);
            let counter = place.and_then(|place| Some((place, counter(line, end, true)?)));
            at = end;
            if let Some((place, found)) = counter {
                at = found.end;
                if place == Place::Batch {
                    batch = Some((found.at, found.of));
                }
                match place {
                    Place::Epoch => clock.epoch = clock.epoch.or(Some(found.at)),
                    _ if rank.is_none_or(|before| place > before) => {
                        (clock.step, clock.total) = (Some(found.at), found.of);
                        clock.is_batch = place == Place::Batch;
                        rank = Some(place);
                        *kimg |= place == Place::Kimg;
                    }
                    _ => {}
                }
            }
        } else if byte.is_ascii_digit() || byte == b'_' {
            // A digit after a letter belongs to a name, and so does what follows it.
            let end = at + line[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            let found = bar(line, at).filter(|_| bare.is_empty());
            at = found.as_ref().map_or(end, |found| found.end.max(end));
            bare.extend(found);
        } else {
            let found = (byte == b'[').then(|| counter(line, at, false)).flatten().filter(|c| c.of.is_some());
            at = found.as_ref().map_or(at + 1, |found| found.end);
            bare.extend(found.filter(|_| bare.len() < 2));
        }
    }
    if let (None, Some(Place::Step), Some((at, of))) = (clock.epoch, rank, batch) {
        // Steps that have batches are passes over the data.
        return Clock { epoch: clock.step, step: Some(at), total: of, is_batch: true };
    }
    with_bare(clock, rank.is_some(), &bare)
}

/// The length of a counter that some text begins with: `epoch 3 `.
pub(crate) fn counter_in_front(text: &[u8]) -> Option<usize> {
    let len = text.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    word(text.get(..len).filter(|word| !word.is_empty())?)?;
    Some(counter(text, len, true)?.end)
}

/// Takes counters without a word: `[3/25][10/391]` is an epoch and a batch.
fn with_bare(mut clock: Clock, has_step: bool, bare: &[Counter]) -> Clock {
    if has_step {
        return clock;
    }
    match (clock.epoch, bare) {
        // `G_step [10/1000], D_step [10/1000]` is one counter, told twice.
        (None, [one, other]) if (one.at, one.of) == (other.at, other.of) => {
            (clock.step, clock.total) = (Some(one.at), one.of);
        }
        (None, [epoch, batch]) => {
            clock = Clock { epoch: Some(epoch.at), step: Some(batch.at), total: batch.of, is_batch: true };
        }
        (_, [batch, ..]) => (clock.step, clock.total) = (Some(batch.at), batch.of),
        (_, []) => {}
    }
    clock
}

/// A counter after a word or at a bracket.
fn counter(line: &[u8], from: usize, after_word: bool) -> Option<Counter> {
    let blanks = |at: usize| at + line[at..].iter().take_while(|b| **b == b' ').count();
    let mut at = blanks(from);
    if after_word && matches!(line.get(at), Some(b':' | b'=' | b'#')) {
        at = blanks(at + 1);
    }
    let opened = matches!(line.get(at), Some(b'[' | b'('));
    if opened {
        at = blanks(at + 1);
    }
    let (value, end) = if after_word { with_thousands(line, at)? } else { digits(line, at)? };
    // 12.5 is no counter, but thousands of images are told like that; and 12:30 is a time.
    let end = match line.get(end..end + 2) {
        Some([b'.', digit]) if digit.is_ascii_digit() => digits(line, end + 1)?.1,
        Some([b':', digit]) if digit.is_ascii_digit() => return None,
        _ => end,
    };
    let slash = blanks(end);
    let of = (line.get(slash) == Some(&b'/')).then(|| digits(line, blanks(slash + 1))).flatten();
    let end = of.map_or(end, |of| of.1);
    if !after_word && !matches!(line.get(blanks(end)), Some(b']' | b'(' | b',')) {
        return None;
    }
    let ends = line.get(end).is_none_or(|next| !next.is_ascii_alphanumeric() && *next != b'_');
    ends.then_some(Counter { at: value, of: of.map(|of| of.0), end })
}

/// `20/1000 [` of a bar of progress.
fn bar(line: &[u8], from: usize) -> Option<Counter> {
    let (at, end) = digits(line, from)?;
    if line.get(end) != Some(&b'/') {
        return None;
    }
    let (of, end) = digits(line, end + 1)?;
    let rest = line[end..].trim_ascii_start();
    rest.starts_with(b"[").then_some(Counter { at, of: Some(of), end })
}

/// A number that a line begins with: `>446, 3/468, d1=...`, `0 [D loss: ...`, `100: ...`.
fn leading(line: &[u8]) -> Clock {
    let text = line.trim_ascii_start();
    let text = text.strip_prefix(b">").unwrap_or(text);
    let Some((first, end)) = digits(text, 0) else { return Clock::default() };
    let rest = &text[end..];
    let ends = match rest {
        [b',' | b':', next, ..] => !next.is_ascii_digit(),
        [b' ' | b'\t', ..] => !rest.trim_ascii_start().starts_with(b"/"),
        _ => false,
    };
    if !ends {
        return Clock::default();
    }
    let rest = rest[1..].trim_ascii_start();
    let of = digits(rest, 0).and_then(|(at, end)| {
        let (of, end) = rest.get(end).filter(|b| **b == b'/').and_then(|_| digits(rest, end + 1))?;
        rest.get(end).is_none_or(|next| *next == b',').then_some((at, of))
    });
    match of {
        Some((at, of)) => Clock { epoch: Some(first), step: Some(at), total: Some(of), is_batch: true },
        None => Clock { step: Some(first), ..Clock::default() },
    }
}

/// A number whose thousands may be set apart: `1,000`.
fn with_thousands(text: &[u8], from: usize) -> Option<(u64, usize)> {
    let (mut value, mut end) = digits(text, from)?;
    while let Some([b',', three @ ..]) = text.get(end..end + 4)
        && three.iter().all(u8::is_ascii_digit)
        && !text.get(end + 4).is_some_and(u8::is_ascii_digit)
    {
        value = value.saturating_mul(1000) + digits(three, 0)?.0;
        end += 4;
    }
    (value as f64 <= LAST).then_some((value, end))
}

fn digits(text: &[u8], from: usize) -> Option<(u64, usize)> {
    let len = text.get(from..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    if len == 0 || len > 15 {
        return None;
    }
    let value = text[from..from + len].iter().fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    (value as f64 <= LAST).then_some((value, from + len))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, epoch: Option<u64>, step: Option<u64>, total: Option<u64>) {
        let found = find(line.as_bytes(), &mut false);
        assert_eq!((found.epoch, found.step, found.total), (epoch, step, total), "{line}");
    }

    #[test]
    fn a_line_says_which_step_it_is_of() {
        check("[3/25][10/391]\tLoss_D: 1", Some(3), Some(10), Some(391));
        check("[Epoch 3/200] [Batch 10/938] [D loss: 1]", Some(3), Some(10), Some(938));
        check("Epoch: [ 2/200] [ 0/ 4] time: 1.0, d_loss: 1", Some(2), Some(0), Some(4));
        check("Epoch [1/5], Step [100/600], d_loss: 0.5", Some(1), Some(100), Some(600));
        check("Train Epoch: 1 [640/60000 (1%)] D: 1", Some(1), Some(640), Some(60000));
        check("(epoch: 1, iters: 100, time: 0.480, data: 0.199) D_A: 0.280", Some(1), Some(100), None);
        check(">446, d1=0.5", None, Some(446), None);
        check(">2, 30/468, d1=0.5", Some(2), Some(30), Some(468));
        check("0 [D loss: 0.5, acc.: 68.36%]", None, Some(0), None);
        check("100: D: 1, G: 2", None, Some(100), None);
        check("20/1000000 [08:34<7286:56:06, 26.23s/it]G: 52.83", None, Some(20), Some(1_000_000));
        check(" 5%|▌ | 20/100 [08:34<72:06, 26.23s/it] G: 5", None, Some(20), Some(100));
        check("Epoch: 3: [D loss: 50.0]", Some(3), None, None);
        check("Elapsed [0:05:20.807550] batch: 252  d_loss: 0", None, Some(252), None);
        check("[INFO] 2021-01-15 14:49:40 > Step:     100 Progress: 0.1%", None, Some(100), None);
        check("tick 4 kimg 16.1 time 1m", None, Some(16), None);
        check("Iteration 1000: d_loss=1", None, Some(1000), None);
        check("G_step [10/1000], D_step[10/1000], d_out_real: 1.2", None, Some(10), Some(1000));
        check("[epoch:  3, iter:   1,000, lr:(1.000e-04,)] l_g_gan: 1", Some(3), Some(1000), None);
        check("Elapsed: [0:05.4] Step: 1  Batch: 100  D_Loss: 0.53", Some(1), Some(100), None);
        check("ep 1, it 100, D 0.5, G 0.7", Some(1), Some(100), None);
        check("Epoch 1/100... Discriminator Loss: 0.3678...", Some(1), None, None);
        check("discriminator loss at step 100: 0.65", None, Some(100), None);
        check(
            "d: 0.5; g: 1.2; augment: 0.0000:   5%|x   | 100/800 [00:10<1:2, 2it/s]",
            None,
            Some(100),
            Some(800),
        );
    }

    #[test]
    fn other_numbers_are_no_counters() {
        for line in [
            "2020-01-01 12:00:00 d_loss: 1",
            "12:30:01 d_loss: 1",
            "n_epochs: 200",
            "batch_size: 64",
            "epochs: 100",
            "D_step1: 5",
            "Epoch: 99999999999999999999",
            "step",
            "",
        ] {
            check(line, None, None, None);
        }
    }

    #[test]
    fn columns_are_counters_by_their_names() {
        assert_eq!(place("Epoch"), Some(Place::Epoch));
        assert_eq!(place("trainer/global_step"), Some(Place::Step));
        assert_eq!(place("_step"), Some(Place::Step));
        assert_eq!(place("Progress/kimg"), Some(Place::Kimg));
        assert_eq!(place("Unnamed: 0"), Some(Place::Index));
        assert_eq!(place("d_loss"), None);
        assert_eq!(step(-1.0), None);
        assert_eq!(step(f64::NAN), None);
        assert_eq!(step(300.03), Some(300));
    }
}
