//! What the lesson on unstable gradients says.

pub(super) const ENGLISH: &str = r"
In the last lesson G's minimax gradient vanished as D became sure. The usual answer is to let G minimise
$$-\mathbb{E}_z \log D(G_\theta(z))$$
instead. Its slope by D's logit is $-(1 - D)$, which is largest exactly where D is sure that a sample is fake. Here is the same experiment again: generators trained on {{data}} for 1, 10
and 25 epochs of {{epoch}} images are frozen, and a new D learns for {{d-steps}} steps; only the question is another one. At some steps G's gradient is taken on 16 batches.

![](norms)

It does not vanish. It **grows**: {{grows-1}}, {{grows-10}} and {{grows-25}} times from D's first step to its last, and it goes on growing after D knows everything there is to
know (from a tenth of the way on by a factor of {{grows-late}} at least). $1 - D$ is practically 1 by then, so what grows is the slope of D's logit itself: to become more sure, D
must become steeper. Its variance over batches grows too, {{variance}} times at least.

![](plain)

So one loss hardly moves G and the other shakes it, with the *same* D. With $D^*$, the gradient of $-\log D$ is that of
$$\mathrm{KL}(P_G \,\|\, P_\text{data}) - 2\, \mathrm{JS}(P_G, P_\text{data})$$
(theorem 2.5): the JS has the *wrong sign*, and this KL punishes unlikely samples hard and missing modes hardly.

**How unstable?** Theorem 2.6 takes D to be $D^*$ plus small white noise, and its slope likewise. The gradient is then a ratio, $D'/D$, of two centred Gaussians: a **Cauchy**
variable, with neither mean nor variance. This is what that means. Ratios $a/b$ with standard deviations of 2 and 1 have the median size {{cauchy-median}} (theory {{gamma}}). Averaging
{{n-largest}} of them, in each of {{n-streams}} streams, leaves {{mean-width}} of the width of a single one; for normal numbers it leaves {{normal-width}}:

![](cauchy)

**Is the gradient of a real network like that? Here it is not.** The largest norm of 16 batches is at most {{tail}} times the median one; of 16 Cauchy variables one would expect ten
times or more. A network is smooth, and its error is not white noise. Relative to its size the gradient hardly scatters more at the end than at the start, if at
all ({{relative}} times as much at most). What remains of the theorem's warning is real enough: size and variance grow without a bound that G could count on, and a learning rate that suits a young D is
too large for an old one.

**Noise on D's inputs** goes to the root of both ills: it gives data and samples a volume, so that they overlap and no perfect D exists. Everything D sees, real or generated, gets
normal noise of standard deviation $\sigma$ (pixels lie in $[-1, 1]$).

![](noise)

For the generator of 25 epochs and $\sigma = {{sigma-most}}$, the minimax gradient ends at {{minimax-most}} instead of {{minimax-plain}}, and that of $-\log D$ at {{norm-most}} instead of
{{norm-plain}}: one no longer vanishes and the other no longer explodes. How much noise each of the two needs, the charts show: in {{pixels}} dimensions two images are far apart, and noise must reach across.

![](direction)

**Does it still say something?** A gradient can be tame because it is empty. The left chart compares the way on which $-\log D$ sends a sample with the way to the nearest of 512 real images.
Without noise the cosine ends at {{cosine-plain}}, with $\sigma = {{sigma-middle}}$ at {{cosine-middle}}, with $\sigma = {{sigma-most}}$ at {{cosine-most}}: noise washes out the
details by which D recognises a fake, and what remains is the shape.

On the right G follows the last D, which stands still. It comes nearer to the data with all four of them (to {{follows}} of the distance at most; without noise {{left-plain}}, with
$\sigma = {{sigma-middle}}$ {{left-middle}}). Here the folklore is too harsh: the direction of an unstable gradient is not worthless, and Adam, which divides by its size, makes use of it. It is the *size* that cannot be trusted. And a D that
stands still need not lead all the way: with $\sigma = {{sigma-most}}$ the share of the distance that is left is {{left-most}} at best, and {{after-most}} after {{n-followed}} steps.

![](noisy)

Much noise keeps the gradient tame and blurs the goal; little noise keeps the goal and lets D run away. That is why the noise is usually *annealed*, from much to none, as `instance-noise`
does over a run. A penalty on D's slope (R1, WGAN-GP) reaches the same end without blurring anything, and bounding the slope is the theme of the remedies to come.
";

pub(super) const KOREAN: &str = r"
지난 과에서 생성자의 미니맥스 기울기는 판별자가 확신할수록 사라졌습니다. 흔히 쓰는 해결책은 생성자가 대신
$$-\mathbb{E}_z \log D(G_\theta(z))$$
를 최소화하게 하는 것입니다. 판별자의 로짓에 대한 기울기가 $-(1 - D)$이므로 판별자가 가짜라고 확신하는 바로 그곳에서 가장 큽니다. 같은 실험을 되풀이합니다. {{data}}로 1, 10, 25에폭(1에폭은 {{epoch}}장) 동안
학습한 생성자를 고정하고 새 판별자를 {{d-steps}}걸음 학습시키되, 묻는 것만 바꿉니다. 이따금 배치 16개에서 생성자의 기울기를 구합니다.

![](norms)

사라지지 않습니다. 오히려 **커집니다.** 판별자의 첫 걸음에서 마지막 걸음까지 각각 {{grows-1}}배, {{grows-10}}배, {{grows-25}}배가 되며, 판별자가 알 것을 다 안 뒤에도 계속 커집니다(학습의 10분의 1이 지난
뒤부터 적어도 {{grows-late}}배). 그때쯤 $1 - D$는 거의 1이므로, 커지는 것은 판별자 로짓의 기울기 자체입니다. 더 확신하려면 더 가팔라져야 하기 때문입니다. 배치에 따른 분산도 적어도 {{variance}}배로 커집니다.

![](plain)

*같은* 판별자를 두고 한 손실은 생성자를 거의 움직이지 못하고 다른 손실은 생성자를 뒤흔듭니다. 최적의 판별자 $D^*$에서 $-\log D$의 기울기는
$$\mathrm{KL}(P_G \,\|\, P_\text{data}) - 2\, \mathrm{JS}(P_G, P_\text{data})$$
의 기울기입니다(정리 2.5). JS의 *부호가 반대*이고, 이 KL은 그럴듯하지 않은 표본은 크게 벌하면서 놓친 모드는 거의 벌하지 않습니다.

**얼마나 불안정할까요?** 정리 2.6은 판별자를 $D^*$에 작은 백색 잡음을 더한 것으로 보고, 그 기울기도 그렇다고 봅니다. 그러면 생성자의 기울기는 중심이 0인 두 가우스 변수의 비 $D'/D$, 곧 평균도 분산도 없는 **코시**
변수가 됩니다. 그 뜻을 직접 보겠습니다. 표준편차가 2와 1인 두 변수의 비 $a/b$에서 크기의 중앙값은 {{cauchy-median}}입니다(이론값 {{gamma}}). 흐름 {{n-streams}}개에서 각각 {{n-largest}}개씩
평균해도 폭은 하나일 때의 {{mean-width}}배로 남습니다. 정규 난수라면 {{normal-width}}배로 줄어듭니다.

![](cauchy)

**실제 신경망의 기울기도 그럴까요? 여기서는 아닙니다.** 배치 16개의 기울기 크기 가운데 가장 큰 것은 중앙값의 {{tail}}배를 넘지 않습니다. 코시 변수 16개라면 열 배가 넘을 것입니다. 신경망은 매끄러우며 그 오차는 백색 잡음이
아닙니다. 크기에 견주어 보면 기울기는 마지막에도 처음보다 더 흩어지지 않거나 거의 그대로입니다(커야 {{relative}}배). 그래도 정리의 경고 가운데 남는 것이 있습니다. 크기와 분산은 생성자가 믿을 만한
한계 없이 커지고, 젊은 판별자에게 알맞은 학습률은 늙은 판별자에게는 너무 큽니다.

**판별자의 입력에 더하는 잡음**은 두 병의 뿌리를 다스립니다. 데이터와 표본에 부피를 주어 서로 겹치게 하므로 완벽한 판별자가 존재하지 않게 됩니다. 진짜든 가짜든 판별자가 보는 모든 것에 표준편차 $\sigma$의 정규 잡음을
더했습니다(화소값은 $[-1, 1]$).

![](noise)

25에폭의 생성자에서 $\sigma = {{sigma-most}}$일 때 미니맥스 기울기는 {{minimax-plain}} 대신 {{minimax-most}}에서, $-\log D$의 기울기는 {{norm-plain}} 대신 {{norm-most}}에서 끝납니다. 하나는 더는 사라지지
않고 다른 하나는 더는 폭발하지 않습니다. 각각 잡음이 얼마나 필요한지는 그림에서 볼 수 있습니다. {{pixels}}차원에서 두 이미지는 멀리 떨어져 있으므로 잡음이 그 사이를 건널 만큼 커야 합니다.

![](direction)

**그 기울기에 아직 내용이 있을까요?** 텅 비어서 얌전한 것일 수도 있습니다. 왼쪽 그림은 $-\log D$가 표본을 보내는 방향과 실제 이미지 512장 가운데 가장 가까운 것으로 가는 방향을 비교합니다. 코사인은 잡음이 없으면
{{cosine-plain}}, $\sigma = {{sigma-middle}}$이면 {{cosine-middle}}, $\sigma = {{sigma-most}}$이면 {{cosine-most}}에서 끝납니다. 잡음은 판별자가 가짜를 알아보는 데 쓰던 세부를 지우고 모양을 남깁니다.

오른쪽에서는 생성자가 멈춰 선 마지막 판별자를 따라갑니다. 넷 모두에서 데이터에 가까워집니다(남은 거리는 커야 {{follows}}배이며, 잡음이 없으면 {{left-plain}}배, $\sigma = {{sigma-middle}}$이면 {{left-middle}}배).
통념은 조금 지나칩니다. 불안정한 기울기도 방향만큼은 쓸모가 있으며, 크기로 나누어 쓰는 Adam은 그것을 활용합니다. 믿을 수 없는 것은 *크기*입니다. 그리고 멈춰 선 판별자가 끝까지 이끌어 준다는
보장은 없습니다. $\sigma = {{sigma-most}}$일 때 남은 거리의 비율은 최선의 경우 {{left-most}}, {{n-followed}}걸음 뒤에는 {{after-most}}입니다.

![](noisy)

큰 잡음은 기울기를 얌전하게 하지만 목표를 흐리고, 작은 잡음은 목표를 또렷하게 두지만 판별자가 달아나게 둡니다. 그래서 잡음은 보통 크게 시작해 서서히 없앱니다. `instance-noise`가 학습 내내 하는 일이 이것입니다. 판별자의
기울기에 매기는 벌점(R1, WGAN-GP)은 아무것도 흐리지 않고 같은 목적을 이룹니다. 판별자의 기울기를 묶어 두는 것은 앞으로 다룰 처방들의 주제입니다.
";
