//! The text of the lesson, in both languages.

pub(super) const ENGLISH: &str = r"
Suppose you want a machine that makes new things of a kind (faces, digits, or here simply points on a ring), and all
you have is examples. Nobody can write down a formula for what makes an example look real. A **generative adversarial
network** (Goodfellow et al. 2014) does without one: it lets two networks play against each other.

- The **generator** G is a forger. It takes random numbers $z$, which mean nothing, and makes an item $G(z)$ of them.
- The **discriminator** D is a detective. It is shown an item $x$ and answers $D(x)$ between 0 and 1: how likely it is to be real.

Here is one whole game, in which D makes two moves for each move of G. The data (blue dots) are eight tight heaps on
a circle. **Move the slider** and watch.

![](game)

The **colours** are D's opinion of every point of the plane. The **green net** is what G does to a sheet of squared paper: $z$ has two
dimensions here, so we can map a whole grid of them. The **arrows** are all that G ever learns: they show
in which direction, and how strongly, D's slope sends a generated point (the longest of each moment are drawn
equally long). At first the sheet is one small patch, D learns to tell it from the ring, and its slope points
away from it. G follows; D answers; the sheet is stretched, and folded, until its mass lies on the eight heaps. Thin
threads remain between them: a continuous map cannot tear the sheet.

## What each player wants

Both look at one number, the **value** of the game,
$$V(D, G) = \mathbb{E}_{x \sim \text{data}} \log D(x) + \mathbb{E}_{z} \log\bigl(1 - D(G(z))\bigr).$$
D moves so that $V$ grows, G so that it falls:
$$\min_G \max_D V(D, G).$$

![](players)

G never sees the data. All it knows of them is D's slope, and to make it as strong as possible even where D is sure,
G is played by the **non-saturating** form: the same wish in other words, with a slope that does not die (the lesson on
vanishing gradients shows why).

Do the players really pull in opposite directions? We stop the game early on, and let one player make a few
moves while the other stands still:

![](alone)

And do the arrows keep their word? We nudge every sample a thousandth along its arrow, at every moment of every game. G's loss falls by at
least {{promise}} times what calculus promises (1 would be exact), and it falls for {{fell}} of the samples.

## Who wins?

Nobody, if all goes well. Before the first step D knows nothing: $V$ is {{v-start}}. D learns first, and $V$ climbs to {{v-peak}}.
Then G catches up, and in the end D can hardly do better than to say “one half” to everything:
$$D = \tfrac12 \;\Rightarrow\; V = \log\tfrac12 + \log\tfrac12 = -2 \log 2 \approx -1.386.$$
Measured on fresh items over the last quarter of {{steps}} steps, mean of {{n-seeds}} games: $V$ = {{v-end}}, D's mean {{d-real}} on real
items and {{d-fake}} on generated ones, and the games hold {{modes}} of 8 heaps on average, the worst {{fewest}}.

![](value)

Look at the curve: $V$ begins and ends at almost the same height, once because D knows nothing, and once because there is
nothing left to know. **So a loss of a GAN does not tell how good its samples are.** It tells how the quarrel stands.
That is the first reason why GANs are hard to train. The other lessons are the others.

**What this game does not show.** Its settings are kind: smooth networks, learning rates that fall, and data of two
dimensions. The samples between the heaps never quite vanish, D still finds some
of them, and so $V$ stays a little above $-2 \log 2$.
";

pub(super) const KOREAN: &str = r"
얼굴이든 숫자든, 또는 여기처럼 그저 원 위의 점이든, 어떤 종류의 것을 새로 만들어 내는 기계를 원한다고 합시다. 가진 것은 예시뿐입니다. 무엇이
예시를 진짜처럼 보이게 하는지 식으로 적을 수 있는 사람은 없습니다. **생성적 적대 신경망**(GAN, Goodfellow 등 2014)은 그런 식 없이, 두
신경망이 서로 겨루게 합니다.

- **생성자** G는 위조범입니다. 아무 뜻 없는 난수 $z$를 받아 표본 $G(z)$를 만듭니다.
- **판별자** D는 감식가입니다. 무엇이든 $x$를 보고, 그것이 진짜일 가능성 $D(x)$를 0과 1 사이의 수로 답합니다.

아래는 게임 한 판의 처음부터 끝까지입니다. 생성자가 한 걸음 움직일 때마다 판별자는 두 걸음 움직입니다. 데이터(파란 점)는 원 위에 촘촘히 모인 여덟 무리입니다. **슬라이더를 움직이며** 살펴보십시오.

![](game)

**배경색**은 평면의 모든 점에 대한 판별자의 의견입니다. **초록 그물**은 생성자가 모눈종이 한 장을 어떻게 바꾸는지 보여 줍니다. 여기서는 $z$가
2차원이므로 격자 전체를 옮겨 그릴 수 있습니다. **화살표**는 생성자가 배우는 것의 전부입니다. 판별자의 기울기(그래디언트)가 생성된 점을 어느
방향으로, 얼마나 세게 보내는지를 나타냅니다(순간마다 가장 긴 화살표들을 같은 길이로 그렸습니다). 처음에 종이는 작은 조각 하나입니다. 판별자가
그것을 원과 구별하게 되면 기울기는 그 조각에서 벗어나는 쪽을 가리킵니다. 생성자가 따라가고, 판별자가 다시 대응합니다. 종이는 늘어나고 접히다가 마침내 여덟 무리 위에
놓입니다. 무리 사이에는 가는 실이 남습니다. 연속 함수는 종이를 찢을 수 없기 때문입니다.

## 저마다 바라는 것

두 참가자는 하나의 수, 곧 게임의 **값**을 바라봅니다.
$$V(D, G) = \mathbb{E}_{x \sim \text{data}} \log D(x) + \mathbb{E}_{z} \log\bigl(1 - D(G(z))\bigr)$$
판별자는 $V$가 커지도록, 생성자는 작아지도록 움직입니다.
$$\min_G \max_D V(D, G)$$

![](players)

생성자는 데이터를 한 번도 보지 못합니다. 데이터에 대해 아는 것은 판별자의 기울기뿐입니다. 판별자가 확신하는 곳에서도 기울기가 살아 있도록
여기서는 **비포화** 꼴을 씁니다. 바라는 바는 같고 기울기만 죽지 않는 꼴입니다(그 까닭은 기울기 소실을 다루는 과에서 봅니다).

두 참가자는 정말 반대쪽으로 당길까요? 게임 초반에 잠시 멈추고, 한쪽은 가만히 둔 채 다른 쪽만 몇 걸음 움직여 봅니다.

![](alone)

화살표는 약속을 지킬까요? 모든 게임의 모든 순간에 각 표본을 화살표를 따라 1000분의 1만큼 밀어 보았습니다. 생성자의 손실은 미적분이 약속한 양의 적어도
{{promise}}배만큼 줄었고(1이면 정확히 일치), 표본의 {{fell}}에서 줄었습니다.

## 누가 이기는가

모든 것이 잘되면 아무도 이기지 않습니다. 첫 걸음 전에는 판별자가 아무것도 모르므로 $V$는 {{v-start}}입니다. 판별자가 먼저 배워 $V$는 {{v-peak}}까지
오릅니다. 그다음 생성자가 따라잡고, 마지막에는 판별자가 무엇을 보든 ‘반반’이라고 답하는 것보다 나을 것이 거의 없게 됩니다.
$$D = \tfrac12 \;\Rightarrow\; V = \log\tfrac12 + \log\tfrac12 = -2 \log 2 \approx -1.386$$
{{steps}}걸음의 마지막 1/4 동안 새 표본으로 재어 게임 {{n-seeds}}판을 평균하면 $V$ = {{v-end}}, 판별자의 평균은 실제 데이터에서 {{d-real}}, 생성된 표본에서
{{d-fake}}이며, 여덟 무리 가운데 평균 {{modes}}개, 가장 나쁜 게임은 {{fewest}}개를 잡았습니다.

![](value)

곡선을 보십시오. $V$는 거의 같은 높이에서 시작하고 끝납니다. 처음에는 판별자가 아무것도 모르기 때문이고, 마지막에는 더 알아낼 것이 없기
때문입니다. **그러므로 GAN의 손실은 표본이 얼마나 좋은지 말해 주지 않습니다.** 다툼이 지금 어떤 형세인지 말해 줄 뿐입니다. 이것이 GAN의 학습이
어려운 첫 번째 이유입니다. 나머지 이유는 다음 과들에서 다룹니다.

**이 게임이 보여 주지 않는 것.** 이 설정은 순한 편입니다. 매끄러운 신경망, 점점 작아지는 학습률, 그리고 2차원 데이터입니다. 무리 사이의 표본은
완전히 사라지지 않고, 판별자는 아직 그 가운데 일부를 찾아내므로 $V$는 $-2 \log 2$보다 조금 위에 머무릅니다.
";
