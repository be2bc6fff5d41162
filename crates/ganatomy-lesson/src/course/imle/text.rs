//! What the lesson on IMLE says.

pub(super) const ENGLISH: &str = r"
A GAN asks of every *sample*: does it look real? A mode without samples is asked nothing, and so nobody misses it. **Implicit maximum likelihood estimation** (Li and Malik
2018) turns the question around and asks it of every *data point*: which sample is nearest to you? That sample is then pulled towards the point,
$$\min_\theta \sum_i \min_j \lVert x_i - G_\theta(z_j) \rVert^2 .$$
There is no discriminator, no game, no saddle. And no data point can be forgotten: one that has no sample near it pulls all the harder on the one that is least far away.

![](matching)

The arrows lead from data points to their nearest samples. Both generators are the same network. At the end the farthest of 128 data points has to look {{gan-reach}} for a sample of the plain GAN,
and {{imle-reach}} for one of IMLE (largest of {{n-seeds}} seeds; the radius of the ring is 2).

![](reach)

IMLE captures {{imle-modes}} of 8 modes at the worst of {{n-seeds}} seeds; the plain GAN {{gan-modes}} at the best of them. (This GAN is young and small, and the ring is hard on it. On the
gentler ground of docs/results.md, over 10,000 steps, this project measured 7.4 modes for it and 8 for IMLE, every time.)

![](ends)

**The price** is on the right. A data point is content with *one* sample near it, and nobody asks what the others are doing. The squares of distances pull a sample that serves several points to
their middle, and a smooth $G$ leads from one mode to the next through empty space: {{imle-quality}} of IMLE's samples are within three standard deviations of a mode, {{gan-quality}} of the GAN's.
On images this is blur. The two methods fail in opposite ways: a GAN is sharp and forgets, IMLE remembers and blurs.

### Ten points: is adaptive matching better?

Plain IMLE matches all points anew every few epochs, so that a point may be handed another sample before it has learned from the last. *Adaptive* IMLE (Aghabozorgi et al. 2023) matches a point again only
when it has come much nearer; its notebook shows ten points of the plane that plain IMLE fails to cover and the adaptive one covers. With the notebook's network:

![](ten)

At its learning rate of 0.06, over {{ten-steps}} steps, plain matching covers all ten points (a sample of 1,000 within 0.03) with {{covered-plain}} of {{n-ten}} seeds and adaptive matching with
{{covered-adaptive}}. With steps five times as long, and more of them, {{covered-plain-long}} and {{covered-adaptive-long}} of {{n-long}}. {{verdict}} In the notebook, plain matching minimises a mean over points and adaptive matching half a sum, which is a step five times as long at the same learning rate. Here both minimise the mean.

![](covered)
";

pub(super) const KOREAN: &str = r"
GAN은 *표본*마다 진짜처럼 보이는지를 묻습니다. 표본이 없는 모드는 질문을 받지 않으니 아무도 빠진 줄 모릅니다. **암묵적 최대가능도 추정**(IMLE, Li와 Malik 2018)은 질문을 뒤집어 *데이터 점*마다
묻습니다. 너에게 가장 가까운 표본은 무엇인가? 그리고 그 표본을 데이터 점 쪽으로 당깁니다.
$$\min_\theta \sum_i \min_j \lVert x_i - G_\theta(z_j) \rVert^2$$
판별자도, 게임도, 안장점도 없습니다. 어떤 데이터 점도 잊힐 수 없습니다. 가까이에 표본이 없는 점일수록 그나마 덜 먼 표본을 더 세게 당기기 때문입니다.

![](matching)

화살표는 데이터 점에서 가장 가까운 표본으로 향합니다. 두 생성자는 같은 신경망입니다. 학습이 끝났을 때 데이터 점 128개 중 표본에서 가장 먼 점까지의 거리는 보통의 GAN이 {{gan-reach}}, IMLE가 {{imle-reach}}입니다(시드
{{n-seeds}}개 중 가장 큰 값, 원의 반지름은 2).

![](reach)

IMLE는 시드 {{n-seeds}}개 중 가장 나쁜 경우에도 모드 8개 중 {{imle-modes}}개를 잡았고, 보통의 GAN은 가장 좋은 경우에 {{gan-modes}}개를 잡았습니다. (이 GAN은 작고 학습이 짧으며 원 데이터는 어려운 편입니다. docs/results.md의 더
수월한 설정에서 10,000걸음 학습했을 때 이 프로젝트가 잰 값은 GAN이 평균 7.4개, IMLE가 언제나 8개였습니다.)

![](ends)

**대가**는 오른쪽 그림에 있습니다. 데이터 점은 가까운 표본 *하나*로 만족하며, 나머지 표본이 무엇을 하는지는 아무도 묻지 않습니다. 여러 점을 맡은 표본은 거리의 제곱 때문에 그 점들의 가운데로 끌려가고,
매끄러운 $G$는 한 모드에서 다음 모드로 갈 때 빈 공간을 지납니다. 모드에서 표준편차의 세 배 안에 든 표본은 IMLE가 {{imle-quality}}, GAN이 {{gan-quality}}입니다. 이미지에서는 이것이 흐릿함으로 나타납니다. 두 방법은 정반대로
실패합니다. GAN은 또렷하지만 잊어버리고, IMLE는 잊지 않지만 흐릿합니다.

### 열 개의 점: 적응적 짝짓기가 더 나을까

보통의 IMLE는 몇 에폭마다 모든 점을 새로 짝짓습니다. 그래서 어떤 점은 지금 짝에게서 다 배우기도 전에 다른 표본을 받을 수 있습니다. *적응적* IMLE(Aghabozorgi 등 2023)는 충분히 가까워진 점만 다시
짝짓습니다. 저자들의 노트북은 보통의 IMLE가 덮지 못하고 적응적 IMLE는 덮는 평면의 점 열 개를 보여 줍니다. 같은 신경망으로 해 보았습니다.

![](ten)

노트북의 학습률 0.06으로 {{ten-steps}}걸음 학습했을 때, 열 점을 모두 덮은 시드(표본 1,000개 중 0.03 안에 든 것이 있음)는 {{n-ten}}개 중 보통의 짝짓기가 {{covered-plain}}개, 적응적 짝짓기가 {{covered-adaptive}}개입니다.
걸음을 다섯 배 길게 하고 더 오래 학습하면 {{n-long}}개 중 각각 {{covered-plain-long}}개와 {{covered-adaptive-long}}개입니다. {{verdict}} 노트북에서 보통의 짝짓기는 점들에 대한 평균을,
적응적 짝짓기는 합의 절반을 최소화하므로, 학습률이 같아도 걸음이 다섯 배 깁니다. 여기서는 둘 다 평균을 최소화합니다.

![](covered)
";
