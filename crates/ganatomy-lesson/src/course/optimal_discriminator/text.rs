//! What the lesson on the optimal discriminator says.

pub(super) const ENGLISH: &str = r"
The game is
$$\min_G \max_D V, \qquad V = \mathbb{E}_{x \sim p} \log D(x) + \mathbb{E}_{x \sim q} \log (1 - D(x)).$$
For a fixed generator, V is an integral in which every $x$ stands alone: $p \log D + q \log(1 - D)$ is largest at
$$D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad V(D^*) = 2\,\mathrm{JS}(p, q) - 2 \log 2.$$
So the best discriminator is a ratio of densities, and what it reaches is a *distance* between data and generator (Goodfellow et al. 2014). Does a
discriminator that learns from samples get there?

The data are $N(0, 1)$, and the generator is $G(z) = z + \mu$, so that $q = N(\mu, 1)$. It stands still (the update `still`) while D learns for {{steps}} steps of
{{batch}} items. D is a network with two hidden layers. It never sees a density, only points. Move the slider through six generators:

![](shapes)

On data and samples the learned D differs from $D^*$ by {{off}} on average in the worst case up to $\mu = 4$. Its value, computed by quadrature from its logits, so that no sampling
error is in it:

![](values)

The last two columns belong to a second D whose logit is a straight line $wx + c$. That is the exact form of the best one, whose logit is $\mu^2/2 - \mu x$;
the network has to find it.

![](climb)

The bound holds at every step (V less its bound is at most {{past-the-bound}}): V of an unfinished D is always *too small*. Whoever reads a distance from a discriminator
that has not converged underestimates it.

**What D tells G.** Now ask for the derivative of G's loss by $\mu$, through the same program that would train it, on {{n-items}} samples. With $D^*$,
theory has
$$\underbrace{\mathbb{E}_q[\mu D^*]}_{\text{minimax}} = \frac{d\,(2\,\mathrm{JS})}{d\mu}, \qquad
\underbrace{\mathbb{E}_q[\mu (1 - D^*)]}_{\text{non-saturating}} = \frac{d\,(\mathrm{KL}(q \| p) - 2\,\mathrm{JS})}{d\mu},$$
and the two sum to $\mu$, the slope of $D^*$'s logit.

![](gradients)

The **minimax** gradient comes out right for both (largest error up to $\mu = 4$: {{minimax-error}}). It is small on both sides: near $\mu = 0$ because there is little left to
do, far out because D is sure. At $\mu = 4$ the generator is badly wrong, and is pulled back with {{minimax-network-4}} (theory {{minimax-theory-4}}).

The **non-saturating** gradient is the surprise. Through the straight line it follows theory (largest relative error {{non-saturating-error}}, and that of the sum at most {{sum-error}}).
Through the network at $\mu = 4$ it is {{non-saturating-network-4}} where theory says {{non-saturating-theory-4}}: a share of {{share-4}}. Yet the value
of this network is short of its bound by only {{short-4}}.

![](sums)

Nothing is broken. V hardly changes between $D = 0.001$ and $D = 0.0001$, so nothing makes D learn the right *slope* of its logit where it is sure already; and that
slope is all the non-saturating loss listens to. The minimax loss weighs it by $D$, and so hears only the region where D was taught. **A discriminator can be nearly perfect as a
judge and wrong as a teacher.** The next two lessons show both sides of this on images: a gradient that vanishes, and one that does not vanish but cannot be trusted.
";

pub(super) const KOREAN: &str = r"
게임은 다음과 같습니다.
$$\min_G \max_D V, \qquad V = \mathbb{E}_{x \sim p} \log D(x) + \mathbb{E}_{x \sim q} \log (1 - D(x)).$$
생성자를 고정하면 V는 점 $x$마다 따로 최대화할 수 있는 적분입니다. $p \log D + q \log(1 - D)$가 가장 커지는 곳은
$$D^*(x) = \frac{p(x)}{p(x) + q(x)}, \qquad V(D^*) = 2\,\mathrm{JS}(p, q) - 2 \log 2$$
입니다. 최적의 판별자는 밀도의 비율이고, 그때의 값은 데이터와 생성자 사이의 *거리*입니다(Goodfellow 등 2014). 표본만 보고 배우는 판별자도 여기에 이를까요?

데이터는 $N(0, 1)$, 생성자는 $G(z) = z + \mu$이므로 $q = N(\mu, 1)$입니다. 판별자가 {{batch}}개씩 {{steps}}걸음을 배우는 동안 생성자는 가만히 있습니다(갱신 규칙 `still`). 판별자는 은닉층이 두
개인 신경망이며, 밀도는 한 번도 보지 못하고 점만 봅니다. 막대를 움직여 생성자 여섯 개를 살펴보십시오.

![](shapes)

$\mu = 4$까지 데이터와 표본 위에서 학습된 판별자와 $D^*$의 평균 차이는 가장 클 때 {{off}}입니다. 판별자의 값은 로짓을 구적법으로 적분해 구했으므로 표본 오차가 들어 있지 않습니다.

![](values)

마지막 두 열은 로짓이 직선 $wx + c$인 두 번째 판별자의 것입니다. 최적의 로짓이 $\mu^2/2 - \mu x$이므로 형태가 꼭 맞습니다. 신경망은 이 형태를 스스로 찾아야 합니다.

![](climb)

상한은 모든 걸음에서 지켜집니다(V에서 상한을 뺀 값은 커야 {{past-the-bound}}). 덜 학습된 판별자의 V는 언제나 *너무 작습니다.* 수렴하지 않은 판별자로 거리를 재면 실제보다 가깝게 나옵니다.

**판별자가 생성자에게 하는 말.** 이제 생성자를 학습시키는 바로 그 프로그램으로, 표본 {{n-items}}개에서 생성자 손실의 $\mu$에 대한 미분을 구합니다. $D^*$일 때의 이론값은
$$\underbrace{\mathbb{E}_q[\mu D^*]}_{\text{minimax}} = \frac{d\,(2\,\mathrm{JS})}{d\mu}, \qquad
\underbrace{\mathbb{E}_q[\mu (1 - D^*)]}_{\text{non-saturating}} = \frac{d\,(\mathrm{KL}(q \| p) - 2\,\mathrm{JS})}{d\mu}$$
이고, 둘을 더하면 $D^*$의 로짓 기울기인 $\mu$가 됩니다.

![](gradients)

**미니맥스** 기울기는 두 판별자 모두에서 이론과 맞습니다($\mu = 4$까지 가장 큰 오차 {{minimax-error}}). 이 기울기는 양쪽에서 작습니다. $\mu = 0$ 근처에서는 할 일이 거의 없어서, 먼 곳에서는 판별자가
확신하기 때문입니다. $\mu = 4$에서 생성자는 크게 틀렸는데도 {{minimax-network-4}}(이론값 {{minimax-theory-4}})의 힘으로만 당겨집니다.

뜻밖인 것은 **비포화** 기울기입니다. 직선을 통하면 이론을 따릅니다(가장 큰 상대 오차 {{non-saturating-error}}, 합의 상대 오차는 최대 {{sum-error}}). 그런데 $\mu = 4$에서 신경망을 통하면
{{non-saturating-network-4}}입니다(이론값 {{non-saturating-theory-4}}). 이론값에 대한 비율은 {{share-4}}입니다. 이 신경망의 값은 상한에 고작 {{short-4}} 모자랄 뿐인데도 말입니다.

![](sums)

고장 난 것은 없습니다. $D = 0.001$과 $D = 0.0001$ 사이에서 V는 거의 변하지 않으므로, 이미 확신하는 곳에서 로짓의 *기울기*를 올바르게 배우도록 만드는 것이 없습니다. 그런데 비포화 손실은 바로 그 기울기만
듣습니다. 미니맥스 손실은 기울기에 $D$를 곱하므로 판별자가 제대로 배운 곳의 말만 듣습니다. **판별자는 심판으로서는 거의 완벽하면서도 교사로서는 틀릴 수 있습니다.** 다음 두 과에서는 이미지에서 이 두 면, 곧 사라지는
기울기와, 사라지지 않지만 믿을 수 없는 기울기를 살펴봅니다.
";
