//! The text of the lesson, in both languages.

pub(super) const ENGLISH: &str = r"
G learns only from D. A D that has learned too little teaches nonsense; a D that is always right may teach nothing.
So there is much advice about **balance**: move D more often, or less; make it larger, or smaller; give it a learning rate of its own. We try
all three on the ring. Every run has the same {{moves}} moves, those of D and of G together, {{n-seeds}} seeds each; readings are
means over the second half, bars are 95 % intervals, and with so few seeds they are wide.

![](samples)

## How often

From ten moves of G for each move of D (1 : 10) to ten of D for each of G (10 : 1):

![](ratio)

**Under-trained.** At 1 : 10 D is right in {{accuracy-few}} of cases, where a coin has 0.5, and its loss is {{under-loss}}, near
$2 \log 2 = 1.386$. In the first lesson such numbers meant that G had won. Here they mean that D does not keep up:
G holds {{modes-few}} modes on average and 1 : 1 holds {{modes-even}}. **The same reading, the opposite state.** Only the samples tell which.

**Over-trained.** At 10 : 1 D is right in {{accuracy-many}} of cases, and the logits are {{over-apart}} times as far apart as at 1 : 1. With the
non-saturating loss that does little harm: G's gradient is *larger*, and it still holds {{modes-many}} modes although it moved five
times less often. With the minimax loss G hears {{over-heard}} times less than that, against {{even-heard}} times less at 1 : 1. Folklore says that its gradient is then tiny. On this
ring it is smaller, not gone: ten moves are not enough for a perfect D. The lesson on vanishing gradients
trains D to the end, and there it is gone.

![](signs)

## How fast

Heusel et al. (2017) leave the ratio at 1 : 1 and give D a learning rate of its own (**two time scales**). A ratio and a learning
rate are much the same thing: how far D gets while G makes one move. So a D that moves too rarely should be mended by
larger moves:

![](clocks)

At 1 : 5, with D five times as fast, the modes go from {{modes-fifth}} to {{modes-fifth-fast}}; at 1 : 10, ten times as fast, from
{{modes-few}} to {{modes-few-fast}}. How far the seeds disagree, the bars tell: so fast a D
can be rough on its own. The reverse breaks a healthy game: at 1 : 1, a D ten times slower leaves {{modes-slow}} modes.

## How large

![](capacity)

A D of eight units cannot describe eight heaps: {{modes-tiny-d}} modes, and an accuracy of {{accuracy-tiny-d}}. A G of eight units cannot make
them: {{modes-tiny-g}} modes, but now D is right in {{accuracy-tiny-g}} of cases. So when modes are missing, the accuracy tells which of the two is the weak one.

## Where balance did not matter

Doubling the width of D, which is four times the weights, changed little ({{modes-large-d}} modes instead of {{modes-even}}); nor did 5 : 1
({{modes-five}}), with a third of the moves for G. With a loss that does not saturate, **a D that is too strong is
the smaller evil; a D that is too weak is the ruin.** That is one reason why practice has mostly stopped tuning the
ratio, and prefers a strong D with a penalty on its slope. The other: what counts is how far D gets in
one move of G, and that changes with everything else.

**Patience evens out what was only slow.** Over 40,000 moves and ten seeds the games whose clocks were wrong caught up (1 : 10 held 6.2
modes, 1 : 5 7.5, the ten times slower D 7.7, and 1 : 1 7.2). Those whose networks were too small did not: 2.0 with a D of eight units, 2.1 with
such a G. And at 10 : 1 the minimax gradient had by then faded to a 137th of the non-saturating one.
";

pub(super) const KOREAN: &str = r"
생성자는 판별자에게서만 배웁니다. 덜 배운 판별자는 엉뚱한 것을 가르치고, 언제나 맞히는 판별자는 아무것도 가르치지 못할 수 있습니다. 그래서
**균형**에 관한 조언이 많습니다. 판별자를 더 자주 또는 더 드물게 움직여라, 크게 또는 작게 만들어라, 학습률을 따로 주어라. 원 위의 데이터에서 세 가지를
모두 시험합니다. 모든 학습은 판별자와 생성자를 합쳐 똑같이 {{moves}}걸음이며 시드는 {{n-seeds}}개씩입니다. 측정값은 후반부의 평균이고 막대는 95 % 신뢰구간입니다.
시드가 적어 구간이 넓습니다.

![](samples)

## 얼마나 자주

판별자가 한 걸음 움직일 때 생성자가 열 걸음(1 : 10)인 경우부터, 그 반대(10 : 1)까지입니다.

![](ratio)

**덜 학습된 판별자.** 1 : 10에서 판별자의 정확도는 {{accuracy-few}}(동전 던지기는 0.5), 손실은 {{under-loss}}($2 \log 2 = 1.386$ 근처)입니다.
첫 과에서 이런 수는 생성자가 이겼다는 뜻이었습니다. 여기서는 판별자가 따라가지 못한다는 뜻입니다. 생성자가 잡은 모드는 평균 {{modes-few}}개로, 1 : 1의
{{modes-even}}개에 못 미칩니다. **같은 측정값이 정반대의 상태를 가리킵니다.** 어느 쪽인지는 표본을 보아야만 알 수 있습니다.

**지나치게 학습된 판별자.** 10 : 1에서 정확도는 {{accuracy-many}}이고, 로짓의 간격은 1 : 1의 {{over-apart}}배입니다. 비포화 손실이라면 거의 해롭지 않습니다. 생성자의
기울기는 오히려 *더 크고*, 5분의 1만 움직였는데도 모드를 {{modes-many}}개 잡았습니다. 이 비포화 기울기는 미니맥스 손실에서 생성자가 받는 기울기의 {{over-heard}}배입니다(1 : 1에서는
{{even-heard}}배). 흔히 이때 기울기가 0에 가까워진다고들 합니다. 이 원에서는 작아질 뿐 사라지지 않습니다. 열 걸음으로는 완벽한 판별자가 되지 못하기
때문입니다. 기울기 소실을 다루는 과에서는 판별자를 끝까지 학습시키며, 그때는 정말 사라집니다.

![](signs)

## 얼마나 빨리

Heusel 등(2017)은 비율을 1 : 1로 두고 판별자에게 학습률을 따로 줍니다(**두 시간 척도**). 비율과 학습률은 결국 같은 것, 곧 생성자가 한 걸음 가는 동안 판별자가 얼마나
나아가는지를 정합니다. 그렇다면 너무 드물게 움직이는 판별자는 걸음을 크게 하면 나아져야 합니다.

![](clocks)

1 : 5에서 판별자를 다섯 배 빠르게 하면 모드가 {{modes-fifth}}개에서 {{modes-fifth-fast}}개로, 1 : 10에서 열 배 빠르게 하면 {{modes-few}}개에서 {{modes-few-fast}}개로 바뀝니다. 시드마다 결과가 얼마나 다른지는 막대가
보여 줍니다. 그렇게 빠른 판별자는 스스로도 거칠 수 있습니다. 거꾸로 하면 멀쩡한
게임이 망가집니다. 1 : 1에서 판별자를 열 배 느리게 하면 모드는 {{modes-slow}}개만 남습니다.

## 얼마나 크게

![](capacity)

유닛 여덟 개짜리 판별자는 여덟 무리를 나타내지 못합니다. 모드는 {{modes-tiny-d}}개, 정확도는 {{accuracy-tiny-d}}입니다. 유닛 여덟 개짜리 생성자는 여덟 무리를 만들지 못합니다.
모드는 {{modes-tiny-g}}개지만 이번에는 판별자의 정확도가 {{accuracy-tiny-g}}입니다. 모드가 빠져 있을 때 정확도를 보면 둘 중 어느 쪽이 약한지 알 수 있습니다.

## 균형이 중요하지 않았던 곳

판별자의 폭을 두 배, 곧 가중치를 네 배로 늘려도 거의 달라지지 않았습니다({{modes-even}}개 대신 {{modes-large-d}}개). 생성자의 걸음이 3분의 1뿐인 5 : 1도
마찬가지였습니다({{modes-five}}개). 포화하지 않는 손실에서는 **너무 강한 판별자가 작은 흠이라면, 너무 약한 판별자는 파멸입니다.** 오늘날 비율을 따로 조절하지 않고, 기울기에 벌점을
준 강한 판별자를 쓰는 까닭이 여기에 있습니다. 까닭이 하나 더 있습니다. 중요한 것은 생성자가 한 걸음 가는 동안 판별자가 얼마나 나아가는가이며, 이것은 다른 모든
설정에 따라 달라집니다.

**느렸을 뿐인 것은 오래 기다리면 나아집니다.** 시드 10개로 40,000걸음씩 학습했더니 속도만 어긋났던 게임들은 따라잡았습니다(잡은 모드는 1 : 10에서 6.2개, 1 : 5에서
7.5개, 열 배 느린 판별자에서 7.7개, 1 : 1에서 7.2개). 신경망이 너무 작은 게임들은 그러지 못했습니다(유닛 여덟 개짜리 판별자 2.0개, 생성자 2.1개). 그리고 10 : 1의
미니맥스 기울기는 그때 비포화 기울기의 137분의 1까지 작아져 있었습니다.
";
