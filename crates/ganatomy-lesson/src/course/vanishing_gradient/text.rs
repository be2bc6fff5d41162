//! What the lesson on vanishing gradients says.

pub(super) const ENGLISH: &str = r"
Take a generator as it is, after 1, 10 or 25 epochs of healthy training on {{data}}, and **freeze** it. (An epoch is {{epoch}} images here.) Then train a
*new* discriminator against it from scratch, for {{d-steps}} steps. This is the experiment of Arjovsky and Bottou (2017).

![](moments)

While D learns, ask at some of its steps what the frozen G would be told by the minimax loss: the norm of
$$\nabla_\theta \, \mathbb{E}_z \log\bigl(1 - D(G_\theta(z))\bigr),$$
through the same program that would train G, averaged over eight batches.

![](norms)

The scale is logarithmic. After one epoch the gradient loses {{decades-1}} decades, after 10 epochs {{decades-10}}, after 25 epochs {{decades-25}}. A step of
gradient descent would move G a thousand times less, or worse, *because* D has become better.
The samples of 25 epochs look much more like the data than those of one epoch, and
that does not save them: D tells them apart all the same. {{order}}

![](judges)

After a few dozen steps D is right on practically every item (accuracy at the end on items drawn apart, the least of the three: {{accuracy}}). Then it only becomes more sure.
Its logits drift apart, and $\log(1 - D)$ is flat where $D \approx 0$: its slope by the logit is $-D$ itself.

**Why a perfect discriminator exists.** G turns {{z-dims}} numbers into {{pixels}} pixels. All that it can ever make lies on a surface of at most {{z-dims}} dimensions in a
space of {{pixels}}: a set of volume zero. Natural images lie close to a thin surface too. Two such surfaces cross, if at all, in something thinner still, so there is
a D which is 1 on one and 0 on the other, and whose gradient vanishes on both (their theorems 2.1 and 2.2). On such supports JS is $\log 2$, however near they lie.

**How near to it is enough?** If D comes within $\varepsilon$ of that perfect one, value and slope together, then (theorem 2.4)
$$\bigl\lVert \nabla_\theta \, \mathbb{E}_z \log(1 - D(G_\theta(z))) \bigr\rVert \le M \, \frac{\varepsilon}{1 - \varepsilon},$$
where $M$ belongs to G alone, and G is frozen. So the gradient must fall with $\varepsilon$, in proportion or faster. Here is $\varepsilon$, as the largest
$D + \lVert \partial D / \partial x \rVert$ over {{n-judged}} samples (the theorem takes it over all points), against the gradient. Once D is near, the measured power is {{power}}; the dashed line has the least $M$
that allows all points near a perfect D.

![](bound)

![](table)

In a real game D does not run ahead for so long, because G moves too. But whoever trains D to convergence in the hope of a better teacher, gets a silent one. The way out that was
found first is another loss, $-\log D$, whose slope by the logit is $-(1 - D)$ and lives exactly where D is sure. The next lesson measures what it costs.
";

pub(super) const KOREAN: &str = r"
{{data}}로 1에폭, 10에폭, 25에폭 동안 건강하게 학습한 생성자를 그 자리에서 **고정**합니다(여기서 1에폭은 이미지 {{epoch}}장입니다). 그런 다음 *새* 판별자를 처음부터
{{d-steps}}걸음 학습시킵니다. Arjovsky와 Bottou(2017)의 실험입니다.

![](moments)

판별자가 배우는 동안, 고정된 생성자가 미니맥스 손실로부터 어떤 말을 듣게 될지를 이따금 물어봅니다. 곧 생성자를 학습시키는 바로 그 프로그램으로 배치 여덟 개에 걸쳐 평균한
$$\nabla_\theta \, \mathbb{E}_z \log\bigl(1 - D(G_\theta(z))\bigr)$$
의 크기를 잽니다.

![](norms)

세로축은 로그 눈금입니다. 기울기는 1에폭 뒤에는 {{decades-1}}자리, 10에폭 뒤에는 {{decades-10}}자리, 25에폭 뒤에는 {{decades-25}}자리 줄어듭니다. 판별자가 나아졌기 *때문에*
경사하강법의 한 걸음은 천 배 이상 작아집니다. 25에폭의 표본은 1에폭의 표본보다 훨씬 데이터와 닮았지만
소용이 없습니다. 판별자는 똑같이 가려냅니다. {{order}}

![](judges)

수십 걸음이면 판별자는 따로 뽑은 데이터도 사실상 모두 맞힙니다(마지막 정확도는 셋 중 가장 낮은 것이 {{accuracy}}). 그 뒤로는 확신만 커집니다. 로짓은 점점 벌어지고, $D \approx 0$인 곳에서
$\log(1 - D)$는 평평합니다. 로짓에 대한 기울기가 바로 $-D$이기 때문입니다.

**완벽한 판별자가 존재하는 까닭.** 생성자는 숫자 {{z-dims}}개를 화소 {{pixels}}개로 바꿉니다. 그러므로 생성자가 만들 수 있는 모든 것은 {{pixels}}차원 공간 속의 기껏해야 {{z-dims}}차원인 곡면, 곧 부피가 0인
집합 위에 놓입니다. 자연스러운 이미지도 얇은 곡면 가까이에 모여 있습니다. 그런 두 곡면은 만나더라도 더 얇은 곳에서만 만나므로, 한쪽에서는 1이고 다른 쪽에서는 0이며 두 곡면 위에서 기울기가
0인 판별자가 존재합니다(논문의 정리 2.1과 2.2). 이때 두 곡면이 아무리 가까워도 JS는 $\log 2$입니다.

**얼마나 가까워야 할까요?** 판별자가 값과 기울기를 합쳐 완벽한 판별자에서 $\varepsilon$ 안으로 들어오면 다음이 성립합니다(정리 2.4).
$$\bigl\lVert \nabla_\theta \, \mathbb{E}_z \log(1 - D(G_\theta(z))) \bigr\rVert \le M \, \frac{\varepsilon}{1 - \varepsilon}$$
$M$은 생성자만의 상수이고 생성자는 고정되어 있습니다. 그러므로 기울기는 $\varepsilon$에 비례하거나 그보다 빠르게 줄어야 합니다. 표본 {{n-judged}}개에서 $D + \lVert \partial D / \partial x \rVert$의 최댓값을
$\varepsilon$으로 삼아(정리에서는 모든 점에 대한 최댓값입니다) 기울기와 함께 그렸습니다. 판별자가 충분히 가까워진 뒤에 측정한 지수는 {{power}}입니다. 점선은 가까운 점들을 모두 허용하는 가장 작은 $M$으로
그린 것입니다.

![](bound)

![](table)

실제 게임에서는 생성자도 움직이므로 판별자가 이토록 오래 앞서가지는 않습니다. 그러나 더 좋은 교사를 바라고 판별자를 끝까지 학습시키면 말 없는 교사를 얻게 됩니다. 가장 먼저 찾은 해결책은 손실을 $-\log D$로 바꾸는
것이었습니다. 로짓에 대한 기울기가 $-(1 - D)$이므로 판별자가 확신하는 바로 그곳에서 살아 있습니다. 그 대가는 다음 과에서 잽니다.
";
