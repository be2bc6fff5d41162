//! What the lesson on remedies says.

pub(super) const ENGLISH: &str = r"
Most remedies were proposed against one particular ill. To see what a remedy does, take a game that *has* that ill, leave everything else alike, and
measure the ill itself rather than the beauty of a sample. Two unhealthy games on eight Gaussians, {{n-seeds}} seeds and {{steps}} steps for every arm:

- **weak D**: 64 rectifiers, and a G that learns three times as fast. Samples crowd on a few modes and run from one to the next.
- **strong D**: five moves for every one of G, ten times as fast, with the minimax loss. It is sure of itself, and its surface is steep.

![](wards)

**Unevenness** (reverse KL between the shares of the modes and even shares) asks whether samples crowd. Plain: {{uneven-plain}}. These three let D see
several samples at once, or G aim at more than one point:
*feature matching* ({{uneven-feature-matching}}) makes G match the mean of D's last hidden layer instead of fooling D; *minibatch discrimination*
({{uneven-minibatch-discrimination}}) tells D how near each sample is to the others of its batch; *packing* ({{uneven-packing}}) has D judge four items
together, so that a lack of variety shows.

**Overconfidence** is D's mean logit of real items. Plain: {{sure-plain}}; with one-sided *label smoothing*, where real items count as 0.9, it is
{{sure-label-smoothing}}: the best answer to a smoothed label is finite.

**Steepness** is the size of the gradient by which samples are pushed. Plain: {{steep-plain}}; *spectral normalisation*, which divides every weight matrix by
its largest singular value, {{steep-spectral-norm}}.

**A D that is too sure of a thin target**: *instance noise* on everything D sees, fading over the run, widens real and generated points until they
overlap. Unevenness {{uneven-strong-plain}} becomes {{uneven-strong-instance-noise}}.

![](modes)

The number of modes alone would have misled: a mode counts as soon as one good sample lies there. Feature matching spreads its samples evenly, which does
not make them sharp: a share of {{sharp-matching}} lies within three standard deviations of a mode (plain game: {{sharp-plain}}).

**What did not help.** *Historical averaging* pulls parameters towards the mean of their past, and *replay* shows D old samples too; both are meant to
calm the chase. Here the samples moved {{historical-share}} and {{replay-share}} times as far as in the plain game: no cure for a weak D. Where
players truly circle, averaging does what it says. On the Dirac GAN the plain game runs out to {{dirac-plain}} times the starting distance, and with
historical averaging falls to {{dirac-averaged}} of it:

![](dirac)

A remedy is not good or bad; it fits an ill or it does not. `ganatomy explain NAME` tells the formula and source of each.
";

pub(super) const KOREAN: &str = r"
처방은 대개 특정한 병 하나를 겨냥해 제안되었습니다. 처방의 효과를 보려면 그 병을 *앓는* 게임을 골라 나머지를 그대로 두고, 표본이 얼마나 그럴듯한지가 아니라 병 자체를 재야
합니다. 가우스 분포 여덟 개에 대한 건강하지 못한 게임 두 가지를, 방법마다 시드 {{n-seeds}}개로 {{steps}}걸음씩 학습했습니다.

- **약한 판별자**: ReLU 64개짜리 판별자와 세 배 빨리 배우는 생성자. 표본이 몇 개의 모드에 몰리고 이리저리 옮겨 다닙니다.
- **강한 판별자**: 미니맥스 손실에서 생성자보다 다섯 배 자주, 열 배 빨리 움직이는 판별자. 지나치게 확신하고 곡면이 가파릅니다.

![](wards)

**치우침**(모드별 비율과 균등한 비율 사이의 역방향 KL)은 표본이 몰려 있는지를 묻습니다. 보통의 게임은 {{uneven-plain}}입니다. 다음 셋은 판별자가 여러 표본을 한꺼번에 보게 하거나, 생성자가 한
점이 아닌 것을 겨냥하게 합니다. *특징 맞추기*({{uneven-feature-matching}})는 생성자가 판별자를 속이는 대신 마지막 은닉층의 평균을 맞추게 합니다. *미니배치
판별*({{uneven-minibatch-discrimination}})은 각 표본이 같은 배치의 다른 표본과 얼마나 가까운지를 판별자에게 알려 줍니다. *패킹*({{uneven-packing}})은 판별자가 네 개를
함께 보고 판정하게 하여 다양성이 모자라면 드러나게 합니다.

**과신**은 실제 데이터에 대한 판별자의 평균 로짓입니다. 처방 없는 게임은 {{sure-plain}}이고, 실제 데이터의 라벨을 0.9로 낮추는 한쪽 *라벨 스무딩*을 쓰면 {{sure-label-smoothing}}입니다.
부드러워진 라벨에 대한 최적의 답은 유한하기 때문입니다.

**가파름**은 표본을 미는 기울기의 크기입니다. 처방 없는 게임은 {{steep-plain}}, 모든 가중치 행렬을 가장 큰 특잇값으로 나누는 *스펙트럴 정규화*를 쓰면 {{steep-spectral-norm}}입니다.

**가느다란 표적을 지나치게 확신하는 판별자**에게는 *인스턴스 잡음*을 씁니다. 판별자가 보는 모든 것에 점점 줄어드는 잡음을 더해 실제 점과 생성된 점이 겹칠 때까지 넓힙니다. 치우침이
{{uneven-strong-plain}}에서 {{uneven-strong-instance-noise}}까지 줄어듭니다.

![](modes)

모드 수만 보았다면 잘못 판단했을 것입니다. 좋은 표본이 하나만 있어도 모드를 잡은 것으로 세기 때문입니다. 특징 맞추기는 표본을 고르게 퍼뜨리지만 그렇다고 또렷해지지는 않습니다. 모드에서 표준편차 3배 안에 든 표본의 비율은 {{sharp-matching}}입니다(처방 없는 게임은 {{sharp-plain}}).

**도움이 되지 않은 것.** *과거 평균*은 파라미터를 지난 값들의 평균 쪽으로 당기고, *리플레이*는 판별자에게 옛 표본도 보여 줍니다. 둘 다 쫓고 쫓기는 움직임을 가라앉히려는
처방입니다. 그러나 여기서 표본은 보통의 게임보다 각각 {{historical-share}}배, {{replay-share}}배 움직였습니다. 약한 판별자에게 듣는 약은 아닌 셈입니다. 두 참가자가 정말로 맴도는 곳에서는 과거 평균이
제 몫을 합니다. Dirac GAN에서 보통의 게임은 처음 거리의 {{dirac-plain}}배까지 멀어지지만, 과거 평균을 더하면 {{dirac-averaged}}배로 줄어듭니다.

![](dirac)

처방에는 좋고 나쁨이 아니라 병에 맞고 안 맞음이 있을 뿐입니다. 각 처방의 식과 출처는 `ganatomy explain 이름`으로 볼 수 있습니다.
";
