//! The words that a name is made of.

/// The words of a name, in small letters: `errD_real` is err, d, real.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let letters: Vec<char> = name.chars().collect();
    let mut fresh = true;
    for (i, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            fresh = true;
            continue;
        }
        let before = i.checked_sub(1).map(|i| letters[i]);
        let turns = letter.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                // In `GLoss` the second capital begins a word.
                || before.is_some_and(char::is_uppercase) && letters.get(i + 1).is_some_and(|c| c.is_lowercase()));
        if fresh || turns {
            words.push(String::new());
        }
        fresh = false;
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words.iter().flat_map(|word| parted(word)).collect()
}

/// Words that are often written as one.
fn parted(word: &str) -> Vec<String> {
    let parts: &[&str] = match word {
        "dloss" | "lossd" | "errd" | "derr" | "ld" | "disloss" | "discloss" | "dcost" => &["d", "loss"],
        "gloss" | "lossg" | "errg" | "gerr" | "lg" | "genloss" | "gcost" => &["g", "loss"],
        "netd" => &["d"],
        "netg" => &["g"],
        "dreal" => &["d", "real"],
        "dfake" => &["d", "fake"],
        "ggan" => &["g", "gan"],
        "gradnorm" => &["grad", "norm"],
        "dacc" => &["d", "acc"],
        "kt" => &["k", "t"],
        _ => return vec![word.to_owned()],
    };
    parts.iter().map(|part| (*part).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words() {
        let check = |name: &str, expected: &str| assert_eq!(words(name).join(" "), expected, "{name}");
        check("errD_real", "err d real");
        check("Loss/D/loss", "loss d loss");
        check("GLoss", "g loss");
        check("fid50k_full", "fid50k full");
        check("D_A", "d a");
        check("FIDScore", "fid score");
        check("dloss", "d loss");
        check("D loss", "d loss");
        check("--", "");
    }
}
