//! What the lesson on mode collapse says.

pub(super) const ENGLISH: &str = r"
G is paid for fooling the *present* D, one sample at a time. Nothing in its loss asks that samples differ. Suppose D held still and G moved until it
could do no better. The best answer to **every** $z$ is then the same point,
$$x^* = \arg\max_x D(x),$$
and a G that gives it has no more use for $z$: $\partial J / \partial z \approx 0$. When D moves at last, it needs to turn down only that one place. The summit
is then elsewhere, and G goes there with everything it has. That is mode collapse, and it need not even stand still.

To see it, let G be greedy: ten moves for each move of D, three times as long and with momentum. Beside it the same players in a balanced game, one move each. Eight
Gaussians on a ring; every {{every}} steps, 256 samples from the same latent points are sorted by the mode nearest to them.

![](rotation)

In the second half the greedy G has {{lead}} of its samples at one mode (the balanced one: {{balanced-lead}} at most at any), and in {{changes}} of the looks another mode leads
than the time before: they take turns ({{visited}} of 8 lead at some time). From one look to the next, {{moved}} of its samples change mode; in the balanced game {{balanced-moved}} do.
Being *nearest* to a mode is not being *in* it: D is too late to teach this G where exactly the data are, and it captures {{modes}} modes properly, against {{balanced-modes}}.

![](film)

**Is it the summit of D?** D was looked at on a grid of the square shown. Where the greedy samples are, D is higher than on {{height}} of the square (balanced:
{{balanced-height}}), and at {{near-summit}} of the looks they are within 0.5 of the highest point of all (balanced: {{balanced-near}}). Not always: a gradient climbs the nearest hill, which may not
be the highest.

![](summit)

**Does $z$ still matter?** The greedy samples spread by {{spread}}, the balanced ones by {{balanced-spread}}. Moving $z$ a little moves a greedy sample {{slope-ratio}} times as much as
a balanced one, and changes its loss {{loss-slope-ratio}} times as much (finite differences at 64 latent points; what is below $10^{-6}$ is drawn there).

![](slopes)

### Ten digits, a few, one

The same with {{digits}}. A healthy game first; from then on G makes ten moves, twice as long, for each of D.

![](healthy)

![](partial)

![](collapsed)

G was looked at every 5 greedy steps. After {{partial-step}}, when fewer than {{few}} different images were left for the first time (how they are counted comes below), it is **partly** collapsed: single samples still look like digits, but there are few of them, repeated with small changes. That is the
kind one meets in practice, and it is easy to miss when one looks at one image at a time. Grouped:

![](groups)

Two samples count as near-identical if they are nearer than *any* two of {{n-images}} real images. The balanced G made {{pairs-healthy}} such pairs among {{n-images}} samples, then
{{pairs-partial}}, then {{pairs-collapsed}}. As in the birthday problem, pairs tell how many different images there are to choose from: $n$ samples with $k$ such pairs come from about $n(n-1)/(2k)$ of them. That makes {{support-healthy}}, {{support-partial}}, {{support-collapsed}}.

![](supports)

![](stages)

![](histograms)

The digit is that of the nearest of 4,000 labelled images, which is right for {{accuracy}} of held-out ones. At the end {{largest}} of all samples count as one and the same
digit, but look at the sheet: it is hardly a digit at all. $x^*$ is whatever *this* D has not yet learned to reject, not the best of the data.
";

pub(super) const KOREAN: &str = r"
생성자는 표본을 하나씩 내어 *지금의* 판별자를 속이면 됩니다. 손실 어디에도 표본이 서로 달라야 한다는 말은 없습니다. 판별자가 가만히 있고 생성자만 더는 나아질 수 없을 때까지
움직인다고 해 봅시다. 그러면 **모든** $z$에 대한 최선의 답은 똑같은 한 점입니다.
$$x^* = \arg\max_x D(x)$$
이 답을 내는 생성자에게 $z$는 쓸모가 없습니다. 곧 $\partial J / \partial z \approx 0$입니다. 마침내 판별자가 움직일 때는 그 한 곳의 점수만 낮추면 됩니다. 그러면 가장 높은 곳은 다른 데로
옮겨 가고, 생성자는 가진 것을 모두 들고 그리로 갑니다. 이것이 모드 붕괴이며, 한자리에 머물지도 않습니다.

직접 보기 위해 생성자를 욕심 많게 만들었습니다. 판별자가 한 번 움직일 때마다 열 번, 세 배 긴 걸음으로, 모멘텀까지 붙여 움직입니다. 그 옆에는 같은 두 참가자가 한 번씩 번갈아 움직이는
균형 잡힌 게임을 두었습니다. 데이터는 원 위의 가우스 분포 여덟 개입니다. {{every}}걸음마다 같은 잠재 벡터에서 나온 표본 256개를 가장 가까운 모드별로 나누었습니다.

![](rotation)

후반에 욕심 많은 생성자는 표본의 {{lead}}를 한 모드 곁에 모았고(균형 잡힌 게임에서는 어느 모드든 많아야 {{balanced-lead}}), 살펴본 횟수의 {{changes}}에서 앞선 모드가 직전과 달랐습니다.
돌아가며 앞선 모드는 8개 중 {{visited}}개입니다. 다음번에 살펴볼 때까지 모드가 바뀐 표본의 비율은 {{moved}}, 균형 잡힌 게임에서는 {{balanced-moved}}입니다.
다만 모드에 *가까운* 것과 모드를 *잡은* 것은 다릅니다. 판별자가 늦어 데이터의 정확한 위치를 가르쳐 주지 못하므로, 제대로 잡은 모드는 {{modes}}개뿐입니다(균형 잡힌 게임은 {{balanced-modes}}개).

![](film)

**정말 판별자의 최고점일까요?** 그림에 보이는 정사각형의 격자점에서 판별자를 재어 보았습니다. 욕심 많은 생성자의 표본이 있는 곳은 정사각형 넓이의 {{height}}보다 점수가 높고(균형 잡힌
게임은 {{balanced-height}}), 살펴본 횟수의 {{near-summit}}에서 최고점으로부터 0.5 이내에 있었습니다(균형 잡힌 게임은 {{balanced-near}}). 늘 그런 것은 아닙니다. 기울기를 따라가면 가장 가까운 언덕에 오르게 되는데,
그곳이 가장 높은 언덕이라는 법은 없기 때문입니다.

![](summit)

**$z$는 아직 의미가 있을까요?** 표본이 퍼진 정도는 욕심 많은 쪽이 {{spread}}, 균형 잡힌 쪽이 {{balanced-spread}}입니다. $z$를 조금 움직일 때 욕심 많은 생성자의 표본이 움직이는 거리는 균형 잡힌 쪽의
{{slope-ratio}}배, 손실의 변화는 {{loss-slope-ratio}}배입니다(잠재 벡터 64개에서 유한 차분으로 재었으며, $10^{-6}$보다 작은 값은 그 자리에 그렸습니다).

![](slopes)

### 열 가지, 몇 가지, 한 가지

{{digits}}로 같은 일을 해 봅시다. 먼저 건강한 게임으로 학습한 다음, 그때부터 생성자가 판별자의 한 번에 열 번씩, 두 배 긴 걸음으로 움직이게 했습니다.

![](healthy)

![](partial)

![](collapsed)

욕심낸 뒤 5걸음마다 살펴보니, {{partial-step}}걸음 뒤에 서로 다른 이미지가 처음으로 {{few}}장보다 적어졌습니다(세는 방법은 아래에 있습니다). 이때 생성자는 **부분적으로** 붕괴한 상태입니다. 표본 하나하나는 아직 숫자처럼 보이지만 가짓수가 적고, 조금씩만 달라진 채 되풀이됩니다. 실제로 만나는 붕괴는 대개 이런 모습이며,
이미지를 한 장씩 보면 놓치기 쉽습니다. 비슷한 것끼리 묶으면 드러납니다.

![](groups)

실제 이미지 {{n-images}}장 가운데 *가장 가까운 두 장보다* 더 가까운 두 표본을 거의 같은 쌍으로 셉니다. 표본 {{n-images}}개에서 나온 쌍은 균형 잡힌 생성자가 {{pairs-healthy}}개, 그 뒤로 {{pairs-partial}}개, {{pairs-collapsed}}개입니다. 생일
문제에서처럼, 쌍의 수를 보면 서로 다른 이미지가 몇 장쯤인지 알 수 있습니다. 표본 $n$개에 그런 쌍이 $k$개 있으면 약 $n(n-1)/(2k)$장입니다. 차례로 약 {{support-healthy}}장, {{support-partial}}장, {{support-collapsed}}장입니다.

![](supports)

![](stages)

![](histograms)

숫자의 종류는 라벨이 있는 이미지 4,000장 가운데 가장 가까운 것으로 정했으며, 처음 보는 숫자에 대한 정확도는 {{accuracy}}입니다. 마지막에는 모든 표본의 {{largest}}가 같은 숫자로 분류됩니다. 그러나 그림을 보면 숫자라고
부르기도 어렵습니다. $x^*$는 데이터 중에서 가장 좋은 것이 아니라, *이* 판별자가 아직 걸러 낼 줄 모르는 것일 뿐입니다.
";
