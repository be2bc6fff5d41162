//! The text of the lesson, in both languages.

pub(super) const ENGLISH: &str = r"
A pair $(G^*, D^*)$ is a **Nash equilibrium** when neither player gains by moving alone:
$$V(G^*, D) \;\le\; V(G^*, D^*) \;\le\; V(G, D^*) \qquad \text{for all } G, D.$$
For the GAN of the first lesson there is one: G makes the data, D says one half. But will training *find* it? And does
it stop there? Three questions can be asked of any point.

1. **Does anybody gain by moving alone?** The *duality gap* $\max_{D'} V(G, D') - \min_{G'} V(G', D)$ is never
   negative, and zero exactly at an equilibrium.
2. **Is everybody at rest?** The *field* $\xi = (\nabla_G L_G, \nabla_D L_D)$, all gradients in one vector, is zero there.
3. **What happens nearby?** The players descend, $\dot\theta = -\xi(\theta)$. The eigenvalues of $-H$, where $H$ is the Jacobian
   of $\xi$, tell: a real part below 0 attracts, one above 0 pushes away, an imaginary part **rotates**. One player alone, minimising a function, has a symmetric $H$ and never
   rotates. Two players do.

## Two games whose answer is known

The saddle $xy$ has the eigenvalues $\pm i$: nothing but rotation (largest error of the measured ones: {{xy}}).
The **Dirac GAN** (Mescheder et al. 2018) is the smallest GAN: all data at 0, G makes the single point $\theta$, and $C(x) = \psi x$. Its eigenvalues are $\pm i/2$, and
it too circles for ever. Now add R1, a penalty $\frac\gamma2 \mathbb{E} |\nabla C|^2$ on the slope of C at the data. Theory says
$$\lambda = -\frac\gamma2 \pm \sqrt{\frac{\gamma^2}{4} - f'(0)^2}, \qquad f'(0) = \tfrac12.$$
Every dot is an eigenvalue of a Jacobian that the tensor program differentiated; the dashes are theory. At $\gamma = 1$ the rotation is gone,
and more is not better: one direction becomes slow. The consensus penalty damps too, yet never stops the rotation.

![](damping)

A large network has too many eigenvalues to look at. Berard et al. (2020) look at one line instead: from where
training began, through where it ended, and beyond. The cosine of the angle between the players' motion and the line, the
**path angle**, jumps from positive to negative where a point attracts, and has a **bump** where the players circle it.
Here is how that looks where we know the answer:

![](known-angles)

## A trained GAN

Now a real one: eight Gaussians, two networks of two hidden layers, {{n-parameters}} parameters together, so that the whole Jacobian
can be computed. Adam, {{steps}} steps, {{n-seeds}} seeds, once as it is and once with R1 ($\gamma = 0.3$).

![](spectra)

![](ends)

**It is not a Nash equilibrium.** The field is not zero, since noise and finite steps keep the players moving, though it is {{nearly-still}} of
what it was. And G's own Hessian has eigenvalues down to {{not-nash}} on average: a direction in which G alone could
still lower its loss. Berard et al. found the same on large GANs: training ends well at points that are no minimum
for G.

**Nor does it quite attract.** The largest real part is {{pushed}} without R1: some direction is pushed away, and the
game will not stay for ever. R1 brings it to {{less-pushed}} of that, not to zero.

**The players do circle.** Imaginary parts reach {{rotation-plain}}; the share of rotation in the sum of all eigenvalues is {{turning-plain}} %. With R1 the largest is
{{rotation-r1}}, and the share {{turning-r1}} %. R1 does *not* remove rotation here, as it does on the Dirac GAN: its gain is in the
real parts. A theorem about a toy is a hint about a network, and no more.

![](paths)

On the straight way the cosine goes from {{before}} on average to {{after}}: the end attracts *along this line*, although it is no
equilibrium. The bump is there in some runs and faint in others, for most of the motion here is attraction. Cosines are small because a line is
one direction of {{n-parameters}}.

## A number that tells how good a GAN is

G's loss does not (the first lesson). The duality gap does better (Grnarova et al. 2019): from copies of the players we look for
each one's best answer by Adam, while the other stands still.

![](gaps)

The gap falls from {{gap-start}} to {{gap-end}} on average, and its ranks follow those of the samples' distance from the data with a correlation of
{{gap-rank}}. It needs no labels and no classifier; but a search can fall short of the best answer, and then the gap looks
smaller than it is.
";

pub(super) const KOREAN: &str = r"
두 참가자 누구도 혼자 움직여서는 이득을 볼 수 없는 쌍 $(G^*, D^*)$를 **내시 균형**이라고 합니다.
$$V(G^*, D) \;\le\; V(G^*, D^*) \;\le\; V(G, D^*) \qquad (\text{모든 } G, D)$$
첫 과의 GAN에는 균형이 있습니다. 생성자가 데이터와 똑같은 분포를 만들고 판별자는 언제나 반반이라고 답하는 점입니다. 그런데 학습이 그 점을 *찾아낼까요?*
찾으면 거기서 멈출까요? 어떤 점에 대해서든 세 가지를 물을 수 있습니다.

1. **혼자 움직여 이득을 볼 사람이 있는가?** *쌍대 간극* $\max_{D'} V(G, D') - \min_{G'} V(G', D)$는 음수가 될 수 없고, 균형에서만 0입니다.
2. **모두 멈춰 있는가?** 모든 기울기(그래디언트)를 한 벡터로 모은 *벡터장* $\xi = (\nabla_G L_G, \nabla_D L_D)$가 균형에서는 0입니다.
3. **그 근처에서는 어떻게 되는가?** 참가자들은 $\dot\theta = -\xi(\theta)$로 내려갑니다. $\xi$의 야코비 행렬을 $H$라 할 때 $-H$의 고윳값이 답입니다.
   실수부가 음수면 끌어당기고 양수면 밀어내며, 허수부는 **회전**을 뜻합니다. 혼자서 함수 하나를 최소화할 때는 $H$가 대칭이어서 회전이 없습니다. 둘이면
   회전이 생깁니다.

## 답을 아는 두 게임

안장점 $xy$의 고윳값은 $\pm i$입니다. 회전뿐입니다(측정값의 가장 큰 오차는 {{xy}}). **Dirac GAN**(Mescheder 등 2018)은 가장 작은 GAN입니다. 데이터는 모두 0에
있고, 생성자는 점 $\theta$ 하나를 만들며, 판별자는 $C(x) = \psi x$입니다. 고윳값은 $\pm i/2$이므로 이 역시 영원히 맴돕니다. 이제 데이터에서 C의 기울기에
벌점 $\frac\gamma2 \mathbb{E} |\nabla C|^2$을 주는 R1을 더합니다. 이론에 따르면
$$\lambda = -\frac\gamma2 \pm \sqrt{\frac{\gamma^2}{4} - f'(0)^2}, \qquad f'(0) = \tfrac12$$
입니다. 점 하나하나는 텐서 프로그램이 미분해서 얻은 야코비 행렬의 고윳값이고, 점선은 이론입니다. $\gamma = 1$에서 회전이 사라집니다. 더 세다고 더 좋은 것은
아니어서, 한 방향이 느려집니다. 합의(consensus) 벌점도 끌어당기지만 회전은 끝내 멈추지 못합니다.

![](damping)

큰 신경망은 고윳값이 너무 많아 다 볼 수 없습니다. Berard 등(2020)은 그 대신 직선 하나를 봅니다. 학습이 시작된 점에서 끝난 점을 지나 그 너머까지입니다.
참가자들의 운동과 이 직선이 이루는 **경로각**의 코사인은 끌어당기는 점에서 양수에서 음수로 바뀌고, 맴도는 점에서는 **혹**처럼 솟습니다. 답을 아는 게임에서는 이렇게 보입니다.

![](known-angles)

## 학습된 GAN

이제 진짜 GAN입니다. 가우스 분포 여덟 개와, 은닉층이 두 개인 작은 신경망 둘을 썼습니다. 파라미터가 모두 {{n-parameters}}개뿐이어서 야코비 행렬 전체를 구할 수 있습니다.
Adam으로 {{steps}}걸음, 시드 {{n-seeds}}개를 학습했습니다. 한 번은 그대로, 한 번은 R1($\gamma = 0.3$)을 더했습니다.

![](spectra)

![](ends)

**내시 균형이 아닙니다.** 잡음과 유한한 걸음 때문에 참가자들은 계속 움직이므로 벡터장은 처음의 {{nearly-still}}배로 줄었을 뿐 0이 아닙니다. 또 생성자
자신의 헤세 행렬에는 평균 {{not-nash}}까지 내려가는 고윳값이 있습니다. 생성자가 혼자서도 손실을 더 낮출 수 있는 방향이 남아 있다는 뜻입니다. Berard 등도 큰 GAN에서
같은 것을 보았습니다. 생성자 손실의 극소점이 아닌 곳에서도 학습은 잘 끝납니다.

**온전히 끌어당기지도 않습니다.** R1이 없으면 가장 큰 실수부는 {{pushed}}입니다. 밀려나는 방향이 있어서 게임은 그 자리에 영원히 머물지 않습니다.
R1은 이 값을 {{less-pushed}}배로 줄이지만 0으로 만들지는 못합니다.

**두 참가자는 실제로 맴돕니다.** 허수부는 {{rotation-plain}}에 이르고, 고윳값 전체에서 회전이 차지하는 몫은 {{turning-plain}} %입니다. R1을 더하면 가장 큰 허수부는
{{rotation-r1}}, 회전의 몫은 {{turning-r1}} %입니다. Dirac GAN에서와 달리 여기서 R1은 회전을 없애지 *못합니다*. 나아지는 것은 실수부입니다. 장난감에 대한 정리는
신경망에 대한 실마리일 뿐입니다.

![](paths)

직선 위에서 코사인의 평균은 도착점 앞에서 {{before}}, 너머에서 {{after}}입니다. 마지막 점은 균형이 아닌데도 *이 직선 위에서는* 끌어당깁니다. 혹은 어떤 시드에서는 보이고 어떤
시드에서는 희미합니다. 여기서는 운동의 대부분이 끌어당김이기 때문입니다. 코사인이 작은 까닭은 직선이 {{n-parameters}}개 방향 가운데 하나일 뿐이기
때문입니다.

## GAN이 얼마나 좋은지 말해 주는 수

생성자의 손실은 그런 수가 아닙니다(첫 과). 쌍대 간극은 더 낫습니다(Grnarova 등 2019). 두 참가자의 복사본에서, 상대를 세워 둔 채 Adam으로 각자의 최선의 대응을
찾습니다.

![](gaps)

간극은 평균 {{gap-start}}에서 {{gap-end}}까지 줄며, 간극의 순위와 표본-데이터 거리의 순위 사이의 상관은 {{gap-rank}}입니다. 라벨도 분류기도 필요 없습니다.
다만 최선의 대응을 덜 찾으면 간극이 실제보다 작아 보입니다.
";
