//! What the lesson on divergences says.

pub(super) const ENGLISH: &str = r"
The data are $p = N(0, 1)$ and the model is $q = N(\mu, 1)$: right shape, wrong place. The only question is how far to move it.
Move the slider and watch the two part; the title tells the Jensen-Shannon divergence.

![](densities)

Three ways to measure how far they are apart:
$$\mathrm{KL}(p \,\|\, q) = \int p \log \frac{p}{q} = \frac{\mu^2}{2}, \qquad
\mathrm{JS} = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m), \; m = \tfrac{p + q}{2}, \qquad W = |\mu|.$$

![](values)

KL grows without bound and W in proportion, but **JS stops at** $\log 2 \approx 0.6931$: at $\mu = 3$ it is {{js-3}}, at $\mu = 6$
{{js-6}}. Two distributions that hardly overlap are all equally far apart for it. What is left to the ceiling falls like
$e^{-\mu^2/8}$.

A generator does not see the value but the **gradient**:

![](gradients)

With the best possible discriminator, the value of the *minimax* game is $2\,\mathrm{JS} - 2 \log 2$. Its gradient, which is that of G's loss, at $\mu = 10$ is
{{minimax-10}}, and from $\mu = 2$ to $\mu = 20$ it loses {{js-decades}} decades: G is told that it is wrong, and nothing else. This is the
**vanishing gradient**. The *non-saturating* loss $-\log D$ has the gradient of $\mathrm{KL}(q \,\|\, p) - 2\,\mathrm{JS}$ instead, which
grows like $\mu$; the two sum to exactly $\mu$ (largest error {{gradients-sum}}). The Wasserstein distance pulls with the same
force from any distance. Computers make it worse: in single precision $D(x) = 1$ exactly for logits above {{last-logit}}, and the
gradient through it is exactly zero; good code works on logits and never on $\log D$.

**Maximum likelihood is minimising KL.** The negative log-likelihood of {{n-sample}} draws, less the entropy of the data ({{entropy}} nats), is
$\mathrm{KL}(p \,\|\, q)$ up to sampling error (at most {{likelihood-is-kl}} here):

![](likelihood)

**Covering or seeking.** If the model is too small for the data, the divergence decides what it gives up. One Gaussian fitted to two modes:
$\mathrm{KL}(p \,\|\, q)$ punishes what the model misses, so it spreads over both (standard deviation {{covering-std}}) and makes samples
where there are no data. $\mathrm{KL}(q \,\|\, p)$ punishes samples where there are no data, so it settles on one mode (mean
{{reverse-mean}}, standard deviation {{seeking-std}}) and forgets the other. JS, which the GAN game minimises with
a perfect D, has a minimum of each kind, {{js-one}} on one mode and {{js-both}} across both; the lower one has its mean at {{js-mean}}. Seeking modes is not yet mode collapse, which needs the game itself; but it shows that a loss may allow it.

![](fits)
";

pub(super) const KOREAN: &str = r"
데이터는 $p = N(0, 1)$, 모형은 $q = N(\mu, 1)$입니다. 모양은 맞고 위치만 틀렸으니, 얼마나 옮겨야 하는지만 알면 됩니다. 막대를 움직여 두 분포가
멀어지는 모습을 보십시오. 제목은 옌센-섀넌 발산의 값입니다.

![](densities)

둘 사이의 거리를 재는 세 가지 방법은 다음과 같습니다.
$$\mathrm{KL}(p \,\|\, q) = \int p \log \frac{p}{q} = \frac{\mu^2}{2}, \qquad
\mathrm{JS} = \tfrac12 \mathrm{KL}(p \,\|\, m) + \tfrac12 \mathrm{KL}(q \,\|\, m), \; m = \tfrac{p + q}{2}, \qquad W = |\mu|.$$

![](values)

쿨백-라이블러 발산(KL)은 끝없이 커지고 바서슈타인 거리 $W$는 거리에 비례하지만, **JS는** $\log 2 \approx 0.6931$**에서 멈춥니다.** $\mu = 3$에서
{{js-3}}, $\mu = 6$에서 {{js-6}}입니다. 거의 겹치지 않는 두 분포는 JS의 눈에는 모두 똑같이 멉니다. 상한까지 남은 간격은
$e^{-\mu^2/8}$처럼 줄어듭니다.

생성자가 보는 것은 값이 아니라 **기울기**(그래디언트)입니다.

![](gradients)

판별자가 최적일 때 *미니맥스* 게임의 값은 $2\,\mathrm{JS} - 2 \log 2$입니다. 그 기울기, 곧 생성자 손실의 기울기는 $\mu = 10$에서 {{minimax-10}}이고,
$\mu = 2$에서 $\mu = 20$까지 {{js-decades}}자리나 작아집니다. 생성자는 틀렸다는 사실만 들을 뿐 어느 쪽으로 가야 하는지는 듣지 못합니다. 이것이 **기울기
소실**입니다. *비포화* 손실 $-\log D$의 기울기는 $\mathrm{KL}(q \,\|\, p) - 2\,\mathrm{JS}$의 기울기이며 $\mu$처럼 커집니다. 두 기울기의 합은 정확히
$\mu$입니다(가장 큰 오차 {{gradients-sum}}). 바서슈타인 거리는 어디에서나 같은 힘으로 당깁니다. 컴퓨터의 유한한 정밀도는 문제를 더 키웁니다.
단정밀도에서는 로짓이 {{last-logit}}을 넘으면 $D(x)$가 정확히 1이 되어 그 기울기도 정확히 0이 됩니다. 그래서 좋은 코드는 $\log D$ 대신 로짓으로 계산합니다.

**최대 가능도는 KL의 최소화입니다.** 표본 {{n-sample}}개의 음의 로그 가능도에서 데이터의 엔트로피({{entropy}} nat)를 빼면 표본 오차 안에서
(여기서는 최대 {{likelihood-is-kl}}) $\mathrm{KL}(p \,\|\, q)$와 같습니다.

![](likelihood)

**덮을 것인가, 고를 것인가.** 모형이 데이터보다 단순하면 무엇을 포기할지는 발산이 정합니다. 가우스 분포 하나를 두 모드에 맞춰 보았습니다.
$\mathrm{KL}(p \,\|\, q)$는 모형이 놓친 데이터를 벌하므로 두 모드를 모두 덮고(표준편차 {{covering-std}}), 그 대가로 데이터가 없는 곳에도 표본을 만듭니다.
$\mathrm{KL}(q \,\|\, p)$는 데이터가 없는 곳의 표본을 벌하므로 한 모드에 자리를 잡고(평균 {{reverse-mean}}, 표준편차 {{seeking-std}}) 다른 모드를
잊습니다. 판별자가 완벽할 때 GAN 게임이 최소화하는 JS에는 두 종류의 극소가 모두 있습니다. 한 모드 위에서는
{{js-one}}, 두 모드에 걸치면 {{js-both}}이며, 더 낮은 쪽의 평균은 {{js-mean}}입니다. 모드를 고르는 성질이 곧 모드 붕괴는 아닙니다. 모드 붕괴에는 게임 자체가
필요하지만, 손실 함수가 그것을 허용할 수 있음을 보여 줍니다.

![](fits)
";
