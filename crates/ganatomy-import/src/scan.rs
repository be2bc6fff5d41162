//! The named numbers of a line: `d_loss: 0.5`, `D(x)=0.9`, `D(G(z)): 0.3 / 0.1`.

use std::ops::Range;

use crate::clock::{self, Clock};
use crate::number::{self, Number};

/// One named number of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair {
    /// Where its name stands.
    pub name: Range<usize>,
    /// Its value.
    pub number: Number,
    /// Which of the numbers after one name it is: 1, or 2 of `0.3 / 0.1`.
    pub nth: u8,
}

/// A line has no more named numbers than this.
const MOST: usize = 512;
/// No name is longer.
const LONGEST: usize = 80;

/// All named numbers of a line.
pub(crate) fn pairs(line: &[u8], found: &mut Vec<Pair>) {
    found.clear();
    let mut from = 0;
    let mut at = 0;
    while let Some(next) = memchr::memchr2(b':', b'=', &line[at.min(line.len())..]) {
        let sign = at + next;
        at = sign + 1;
        if found.len() >= MOST {
            return;
        }
        let Some((start, number)) = value(line, at) else { continue };
        let end = start + number.len;
        if !ends(line, end) {
            continue;
        }
        if let Some(name) = name(line, from..sign) {
            found.push(Pair { name: name.clone(), number, nth: 1 });
            at = second(line, end, name, found);
        } else {
            at = end;
        }
        from = at;
    }
}

/// The value after a sign, and where it begins: behind blanks, quotes and an opening bracket.
fn value(line: &[u8], at: usize) -> Option<(usize, Number)> {
    let skipped =
        line[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'[' | b'(' | b'"' | b'\'')).count();
    let start = at + skipped.min(8);
    Some((start, number::number(&line[start..])?))
}

/// Does a value end here, or does the text go on as a word, a time or a unit?
fn ends(line: &[u8], end: usize) -> bool {
    match line.get(end) {
        None => true,
        Some(b':') => !line.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(b'-' | b'.') => !line.get(end + 1).is_some_and(u8::is_ascii_digit),
        Some(next) => !next.is_ascii_alphanumeric() && *next != b'_',
    }
}

/// A second value after a slash; where the text goes on.
fn second(line: &[u8], end: usize, name: Range<usize>, found: &mut Vec<Pair>) -> usize {
    let rest = &line[end..];
    let blank = rest.iter().take_while(|b| **b == b' ').count();
    if rest.get(blank) != Some(&b'/') {
        return end;
    }
    let Some((start, number)) = value(line, end + blank + 1) else { return end };
    if !ends(line, start + number.len) {
        return end;
    }
    let end = start + number.len;
    found.push(Pair { name, number, nth: 2 });
    end
}

/// The name that ends at a sign: back to what sets it off from the text before.
fn name(line: &[u8], within: Range<usize>) -> Option<Range<usize>> {
    let mut end = within.end;
    while end > within.start && matches!(line[end - 1], b' ' | b'"' | b'\'' | b'.' | b'*') {
        end -= 1;
    }
    let least = within.start.max(end.saturating_sub(LONGEST));
    let (mut start, mut depth) = (end, 0usize);
    while start > least {
        let byte = line[start - 1];
        match byte {
            b')' if depth > 0 || start == end || line[start] == b')' => depth += 1,
            b'(' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            b'\t' | b',' | b';' | b'|' | b'[' | b']' | b'{' | b'}' | b'(' | b')' | b':' | b'=' | b'>'
            | b'<' | b'"' | b'\'' => break,
            b' ' if start >= 2 && matches!(line[start - 2], b' ' | b'-') => break,
            b' ' if start >= 3 && line[start - 3..start - 1] == *b".." => break,
            _ => {}
        }
        start -= 1;
    }
    let end = start + without_counter(&line[start..end]);
    if depth > 0 || memchr::memmem::find(&line[start..end], b"//").is_some() {
        return None;
    }
    trimmed(line, start..end)
}

/// The length of a name without the counter behind it: `discriminator loss at step 100`.
fn without_counter(name: &[u8]) -> usize {
    let at = memchr::memmem::find(name, b" at ")
        .filter(|at| clock::find(&name[at + 4..], &mut false) != Clock::default());
    at.unwrap_or(name.len())
}

/// A name without words in front that are no words: dates, numbers, dashes.
fn trimmed(line: &[u8], mut name: Range<usize>) -> Option<Range<usize>> {
    loop {
        while name.start < name.end && matches!(line[name.start], b' ' | b'-' | b'*' | b'.') {
            name.start += 1;
        }
        let text = &line[name.clone()];
        // `epoch 1 D: 0.5` is a value of D; `Epoch 0: 100%` is none.
        if let Some(len) = clock::counter_in_front(text) {
            name.start += len;
            continue;
        }
        let word = text.iter().take_while(|b| **b != b' ').count();
        let is_word = text[..word].iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80);
        if is_word {
            return Some(name);
        }
        if word == text.len() {
            return None;
        }
        name.start += word;
    }
}

/// Numbers that merely follow a name: `epoch 3 d_loss 0.5 g_loss 0.7`. For lines in which there is no sign.
pub(crate) fn loose(line: &[u8], found: &mut Vec<Pair>) {
    found.clear();
    let mut at = 0;
    let mut name: Option<Range<usize>> = None;
    let mut is_closed = false;
    while at < line.len() && found.len() < MOST {
        let is_break = |b: &u8| matches!(b, b' ' | b'\t' | b',' | b'|' | b';' | b':' | b'[' | b']');
        let gap = line[at..].iter().take_while(|b| is_break(b)).count();
        if line[at..at + gap].iter().any(|b| *b != b' ') {
            // No name goes on over a comma or a bracket, but its number may stand behind one: `d1[0.5]`.
            is_closed = true;
        }
        at += gap;
        let len = line[at..].iter().take_while(|b| !is_break(b)).count();
        let word = at..at + len;
        at += len;
        if len == 0 {
            break;
        }
        match number::number(&line[word.clone()]).filter(|number| number.len == len) {
            Some(number) => {
                if let Some(name) = name.take() {
                    found.push(Pair { name, number, nth: 1 });
                }
            }
            None => {
                let start = name.filter(|_| !is_closed).map_or(word.start, |name| name.start);
                is_closed = false;
                name = Some(start..word.end).filter(|name| name.len() <= LONGEST);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str, read: fn(&[u8], &mut Vec<Pair>)) -> Vec<String> {
        let mut found = Vec::new();
        read(line.as_bytes(), &mut found);
        let told = |pair: &Pair| {
            let value = pair.number.value.map_or("-".to_owned(), |value| value.to_string());
            let nth = if pair.nth == 2 { " (2)" } else { "" };
            format!("{}{nth} {value}", &line[pair.name.clone()])
        };
        found.iter().map(told).collect()
    }

    fn check(line: &str, expected: &[&str]) {
        assert_eq!(told(line, pairs), expected, "{line}");
    }

    #[test]
    fn lines_of_gan_scripts_are_read() {
        check(
            "[0/5][50/1583]\tLoss_D: 2.0243\tLoss_G: 29.0\tD(x): 0.9875\tD(G(z)): 0.8004 / 0.0000",
            &["Loss_D 2.0243", "Loss_G 29", "D(x) 0.9875", "D(G(z)) 0.8004", "D(G(z)) (2) 0"],
        );
        check(
            "[11/200][168/262] Loss_D: 2.0430  Loss_G: 10.2914  D(x): 0.7",
            &["Loss_D 2.043", "Loss_G 10.2914", "D(x) 0.7"],
        );
        check("0 [D loss: 0.69, acc.: 68.36%] [G loss: 0.7]", &["D loss 0.69", "acc 68.36", "G loss 0.7"]);
        check(
            "(epoch: 1, iters: 100, time: 0.480, data: 0.199) D_A: 0.280 G_A: 0.843 ",
            &["epoch 1", "iters 100", "time 0.48", "data 0.199", "D_A 0.28", "G_A 0.843"],
        );
        check(
            "[INFO] 2021-01-15 14:49:40 > Step:     100 Progress: 0.1% Elapsed: 0:00:41 temperature: no ada_p: No Dis_loss: 0.25 ",
            &["Step 100", "Progress 0.1", "temperature -", "ada_p -", "Dis_loss 0.25"],
        );
        check("Elapsed: 1 day, 22:14:28 Gen_loss: 1.688", &["Elapsed 1", "Gen_loss 1.688"]);
        check(
            ">446, d1=0.593, d2=0.546 g=1.330, a1=76, a2=82",
            &["d1 0.593", "d2 0.546", "g 1.33", "a1 76", "a2 82"],
        );
        check("20/100 [08:34<72:56:06, 26.23s/it]G: 52.83 | D: nan", &["G 52.83", "D NaN"]);
        check("Epoch: 3: [D loss: 50.0] [G GAN Loss: 0.0]", &["Epoch 3", "D loss 50", "G GAN Loss 0"]);
        check(
            "Epoch: 0 Generator Loss: 25.2 Discriminator Loss: 0.17, Time: 29.8",
            &["Epoch 0", "Generator Loss 25.2", "Discriminator Loss 0.17", "Time 29.8"],
        );
        check("938/938 [===] - 12s 13ms/step - d_loss: 0.69 - g_loss: 0.71", &["d_loss 0.69", "g_loss 0.71"]);
        check("{'d_loss': 0.5, 'g_loss': tensor(0.7, device='cuda:0')}", &["d_loss 0.5", "g_loss 0.7"]);
        check("D loss: [0.69 0.5]  G loss: 0.7", &["D loss 0.69", "G loss 0.7"]);
        check("loss (D): 0.5", &["loss (D) 0.5"]);
        check("epoch 1 D: (0.5, 0.6) G: 0.9", &["D 0.5", "G 0.9"]);
        check("Epoch 0: 100%|##| 9/9 [00:10<00:00, 9it/s, g_loss=0.7]", &["g_loss 0.7"]);
        check(
            "Epoch 1/9... Discriminator Loss: 0.5... Generator Loss: 3.5",
            &["Discriminator Loss 0.5", "Generator Loss 3.5"],
        );
        check("discriminator loss at step 100: 0.65", &["discriminator loss 0.65"]);
        check("d: 0.5; g: 1.2; r1: 0.003: 5%|x | 1/8 [00:10<1:2, 2it/s]", &["d 0.5", "g 1.2", "r1 0.003"]);
        check("G_loss : +1.5, D_loss : -0.5", &["G_loss 1.5", "D_loss -0.5"]);
    }

    #[test]
    fn text_that_is_no_pair_is_passed_over() {
        for line in ["", ":", "=:=", "http://a.b:80/x", "12:30:01", "a b c", "name: text", "(: 5", ")))): 5"]
        {
            check(line, &[]);
        }
        let long = format!("{}: 5", "x".repeat(5000));
        assert_eq!(told(&long, pairs).len(), 1);
    }

    #[test]
    fn names_without_signs_are_read_where_there_is_nothing_else() {
        assert_eq!(told("epoch 3 d_loss 0.5 G loss 0.7", loose), ["epoch 3", "d_loss 0.5", "G loss 0.7"]);
        assert_eq!(told(">1, d1[0.566] d2[0.520] g[82.266]", loose), ["d1 0.566", "d2 0.52", "g 82.266"]);
        assert_eq!(told("a line of prose.", loose), [""; 0]);
    }
}
