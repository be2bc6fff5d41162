//! What the lesson on losses says.

pub(super) const ENGLISH: &str = r"
Every loss gives both players something to minimise. With $C$ the logit and $D = \sigma(C)$:

| loss | G minimises |
|---|---|
| minimax | $\mathbb{E} \log(1 - D(G(z)))$ |
| non-saturating | $-\mathbb{E} \log D(G(z))$ |
| LSGAN | $\frac12 \mathbb{E} (C(G(z)) - 1)^2$ |
| hinge, WGAN, WGAN-GP | $-\mathbb{E}\, C(G(z))$ |
| relativistic | $\mathbb{E} \log(1 + e^{C(x) - C(G(z))})$ |
| BEGAN | $\mathbb{E}\, \lvert G(z) - \mathrm{AE}(G(z)) \rvert$ |

All eight were trained on the same ring of eight Gaussians, with the same networks (BEGAN's D is an autoencoder), for the same number of
moves ({{moves}} by both players together; the critics of WGAN move five times as often as G), with {{n-seeds}} seeds. This is what a user watches:

![](curves)

And this is what nobody shows them, the sliced Wasserstein distance of the samples from the data:

![](quality)

In a GAN the loss measures success *against the present opponent*. When D gets better, G's loss can rise although its samples improve. Does a curve
tell? Its rank correlation with the distance over the first {{learning}} moves, in which samples get better, says: 1 if it falls whenever
they do, $-1$ if it rises, 0 if it knows nothing. (The first fifth does not count, and three neighbouring readings are averaged.)

![](correlations)

- **minimax {{r-minimax}}, non-saturating {{r-non-saturating}}, relativistic {{r-relativistic}}**: the loss of G *rises* while its samples get better. Whoever
  takes a falling curve for progress reads it the wrong way round.
- **LSGAN {{r-lsgan}}**: it tells little.
- **WGAN-GP {{r-wgan-gp}}**: its critic estimates a distance between the two distributions, and the estimate falls as the samples get
  better. With clipped weights (**WGAN {{r-wgan}}**) the estimate is cruder.
- **hinge {{r-hinge}}**: nothing in its definition promises that its mean score follows the distance, whatever this number is.
- **BEGAN {{r-began}}**: its measure $M = L(x) + \lvert \gamma L(x) - L(G(z)) \rvert$ is said to follow the quality of images. Whatever it
  says of these points, G collapses: an autoencoder is a poor judge of two numbers.

Once the samples no longer get better, no curve tells anything. In the full budget, ten times as long and with ten seeds, the correlations
over the last four fifths lay between $-0.30$ (BEGAN) and $0.25$ (WGAN), and WGAN-GP's was $-0.01$: its gap had come to rest near zero.

![](table)

![](samples)

**What to do.** Do not choose a model by its loss. Measure samples: modes where they are known, FID and its kin where they are not, and look at them.
No loss won here because it is better in general: nothing was tuned, and the lesson on hyperparameters shows how much a learning rate decides.
";

pub(super) const KOREAN: &str = r"
모든 손실 함수는 두 참가자에게 각각 최소화할 것을 줍니다. $C$를 로짓, $D = \sigma(C)$라 하면 다음과 같습니다.

| 손실 함수 | 생성자가 최소화하는 것 |
|---|---|
| 미니맥스 | $\mathbb{E} \log(1 - D(G(z)))$ |
| 비포화 | $-\mathbb{E} \log D(G(z))$ |
| LSGAN | $\frac12 \mathbb{E} (C(G(z)) - 1)^2$ |
| hinge, WGAN, WGAN-GP | $-\mathbb{E}\, C(G(z))$ |
| 상대론적(relativistic) | $\mathbb{E} \log(1 + e^{C(x) - C(G(z))})$ |
| BEGAN | $\mathbb{E}\, \lvert G(z) - \mathrm{AE}(G(z)) \rvert$ |

가우스 분포 여덟 개가 놓인 같은 원 위에서, 같은 신경망으로(BEGAN의 판별자만 오토인코더), 두 참가자를 합쳐 똑같이 {{moves}}번 움직이게 하고, 시드 {{n-seeds}}개로
여덟 손실을 모두 학습했습니다(WGAN의 비평자는 생성자보다 다섯 배 자주 움직입니다). 사용자가 지켜보는 것은 이런 곡선입니다.

![](curves)

그리고 아무도 보여 주지 않는 것, 곧 표본과 데이터 사이의 분할 바서슈타인 거리는 이렇습니다.

![](quality)

GAN의 손실은 *지금의 상대*에 대한 성적입니다. 판별자가 나아지면 표본이 좋아지더라도 생성자의 손실은 커질 수 있습니다. 곡선은 무엇을 알려 줄까요? 거리와의 순위 상관을
보면 됩니다. 표본이 좋아지는 처음 {{learning}}번의 움직임 동안, 표본이 좋아질 때마다 곡선이 내려가면 1, 올라가면 $-1$, 아무것도 모르면 0입니다. (처음 5분의
1은 세지 않았고, 이웃한 세 값을 평균했습니다.)

![](correlations)

- **미니맥스 {{r-minimax}}, 비포화 {{r-non-saturating}}, 상대론적 {{r-relativistic}}**: 표본이 좋아지는 동안 생성자의 손실은 오히려 *커집니다.* 곡선이
  내려가는 것을 나아지는 것으로 여기면 거꾸로 읽는 셈입니다.
- **LSGAN {{r-lsgan}}**: 알려 주는 것이 적습니다.
- **WGAN-GP {{r-wgan-gp}}**: 비평자가 두 분포 사이의 거리를 추정하며, 그 추정값은 표본이 좋아질수록 내려갑니다. 가중치를 자르는 방식(**WGAN
  {{r-wgan}}**)에서는 추정이 더 거칩니다.
- **hinge {{r-hinge}}**: 이 값이 얼마이든, 평균 점수가 거리를 따라간다는 보장은 정의에 없습니다.
- **BEGAN {{r-began}}**: 척도 $M = L(x) + \lvert \gamma L(x) - L(G(z)) \rvert$는 이미지의 품질을 따라간다고 알려져 있습니다. 이 점들에서 그 값이
  어떻든 생성자는 무너집니다. 숫자 두 개를 판정하기에 오토인코더는 좋은 심판이 아닙니다.

표본이 더 좋아지지 않게 되면 어떤 곡선도 아무것도 알려 주지 않습니다. 열 배 길고 시드도 10개인 전체 규모에서, 뒤쪽 5분의 4 동안의 상관은
$-0.30$(BEGAN)에서 $0.25$(WGAN) 사이였고, WGAN-GP는 $-0.01$이었습니다. 점수 차가 0 가까이에서 멈추었기 때문입니다.

![](table)

![](samples)

**그래서 어떻게 할까요.** 손실값으로 모형을 고르지 마십시오. 표본을 재야 합니다. 모드를 알면 모드 수를, 모르면 FID 같은 척도를 쓰고, 눈으로도 보십시오. 여기서 어떤 손실이 앞섰다고
해서 일반적으로 더 나은 것은 아닙니다. 아무것도 따로 맞추지 않았으며, 학습률 하나가 얼마나 많은 것을 좌우하는지는 하이퍼파라미터 과에서 볼 수 있습니다.
";
