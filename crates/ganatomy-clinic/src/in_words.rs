//! Remedies in words, for those whose program is another.

use crate::Remedy;

/// A remedy by its name, and what it is in English and in Korean.
const WORDS: [(&str, [&str; 2]); 25] = [
    (
        "average",
        ["sample from a moving average of G's weights", "생성자 가중치의 이동 평균에서 샘플을 뽑으십시오"],
    ),
    (
        "held-out",
        ["more items, and a tenth of them held out", "데이터를 늘리고, 그 10분의 1은 학습에 쓰지 마십시오"],
    ),
    ("wider-d", ["a larger discriminator", "판별자를 더 크게"]),
    (
        "moving",
        [
            "look at D's learning rate, its clipping and its labels; update it with Adam",
            "판별자의 학습률, 자르기(clipping), 레이블을 확인하고 Adam으로 갱신하십시오",
        ],
    ),
    ("slower", ["smaller learning rates of both players", "두 경기자의 학습률을 모두 작게"]),
    (
        "balance",
        [
            "as many updates of D as of G, at one learning rate",
            "판별자와 생성자를 같은 횟수만큼, 같은 학습률로 갱신하십시오",
        ],
    ),
    (
        "usual-rates",
        [
            "look at the data's path first (range, order of axes, labels), then at the learning rates",
            "먼저 데이터가 들어가는 길(값의 범위, 축의 순서, 레이블)을, 다음으로 학습률을 확인하십시오",
        ],
    ),
    (
        "clip",
        [
            "a wider limit for the weights of the critic, such as 0.1",
            "비평자 가중치의 자르기 한계를 0.1처럼 더 넓게",
        ],
    ),
    ("settle", ["learning rates that fall to 0 by the end", "끝에서 0이 되도록 학습률을 줄이십시오"]),
    (
        "non-saturating",
        ["the non-saturating loss of G, -log D(G(z))", "생성자에 비포화 손실 -log D(G(z))를 쓰십시오"],
    ),
    (
        "augmentation",
        [
            "augment what D sees, real and generated items alike (ADA, DiffAugment)",
            "판별자가 보는 진짜와 가짜를 똑같이 증강하십시오(ADA, DiffAugment)",
        ],
    ),
    (
        "instance-noise",
        [
            "noise on all that D sees, which fades over training",
            "판별자가 보는 모든 것에 점차 줄어드는 잡음을 더하십시오",
        ],
    ),
    ("label-smoothing", ["labels of 0.9 in place of 1 for real items", "진짜의 레이블을 1 대신 0.9로"]),
    (
        "r1",
        [
            "an R1 penalty on D's slope at real items, of weight 1",
            "진짜에서의 판별자 기울기에 R1 벌점(가중치 1)",
        ],
    ),
    ("spectral-norm", ["spectral normalization of D's layers", "판별자 층에 스펙트럼 정규화"]),
    (
        "two-time-scales",
        [
            "a larger learning rate of D than of G (two time scales)",
            "판별자의 학습률을 생성자보다 크게(두 시간 척도)",
        ],
    ),
    ("d-steps", ["five updates of D to one of G", "생성자 한 번에 판별자 다섯 번 갱신"]),
    ("extragradient", ["extragradient updates", "엑스트라그래디언트 갱신"]),
    (
        "packing",
        ["show D two or more samples at once (PacGAN)", "판별자에 샘플을 둘 이상 함께 보이십시오(PacGAN)"],
    ),
    (
        "r3gan",
        ["a relativistic loss with R1 and R2 penalties (R3GAN)", "R1, R2 벌점을 더한 상대론적 손실(R3GAN)"],
    ),
    (
        "unrolled",
        [
            "unroll D's next updates in G's (unrolled GAN)",
            "생성자의 갱신에 판별자의 다음 갱신을 펼쳐 넣으십시오(unrolled GAN)",
        ],
    ),
    ("wgan-gp", ["a critic with a gradient penalty (WGAN-GP)", "기울기 벌점을 준 비평자(WGAN-GP)"]),
    (
        "best",
        [
            "take the checkpoint of the best score; keep one at every evaluation",
            "점수가 가장 좋았던 체크포인트를 쓰고, 평가할 때마다 하나씩 남기십시오",
        ],
    ),
    (
        "score-again",
        [
            "work the score out anew: at least 10,000 samples, in 64 bits, of images in the range that the extractor expects",
            "점수를 다시 계산하십시오: 샘플 1만 개 이상, 64비트, 추출기가 기대하는 값의 범위로",
        ],
    ),
    (
        "range",
        [
            "look at the range of the data's values, and bring them into that of G's output",
            "데이터 값의 범위를 생성자 출력의 범위에 맞추십시오",
        ],
    ),
];

impl Remedy {
    /// What to do in a program of one's own, in English and in Korean.
    pub fn in_words(&self) -> [&'static str; 2] {
        WORDS.iter().find(|row| row.0 == self.name).map_or([self.why; 2], |row| row.1)
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn every_remedy_has_words() {
        for cure in crate::cures() {
            let remedy = cure.remedy(&crate::Facts::default()).unwrap();
            assert_ne!(remedy.in_words(), [remedy.why; 2], "{}", remedy.name);
        }
    }
}
