//! What the lesson on harmless collapse says.

pub(super) const ENGLISH: &str = r"
Collapse is a disease when a generator has to show the *variety* of the data. Many generators have another task: one image in, one good image out. A photograph is sharpened, a sketch is coloured,
a map becomes a view from above. There the variety comes in from outside, and the generator owes **one** good answer to each question.

Here G is told the outline of a digit and has to fill it. It sees the outline $x$ and a latent point $z$; D judges pairs, (outline, filled) of the data against (outline, $G(x, z)$); and, as in pix2pix
(Isola et al. 2017), G's loss also holds the error $\lvert y - G(x, z) \rvert$ against the true filling $y$. After {{steps}} steps, with outlines that it has never seen:

![](pairs)

The second and third row come from *different* $z$. They are hard to tell apart, because they hardly differ: G has learned to **ignore** $z$. Given the outline, it has collapsed. In
numbers, over the training:

![](steps)

The error falls to {{error}}. The outline itself, taken as the answer, is {{baseline}} away from the truth. Two latent points make a difference of {{spread}}, two different digits one of
{{diversity}}: what $z$ does is {{spread-ratio}} of what the input does. Nobody asked G to ignore $z$; but where each $x$ has one right $y$, whatever $z$ changes is an error.

**A small spread alone tells nothing.** On the right is the same game without the reconstruction error. With this recipe's quick G and slow D, D alone cannot teach it in this budget: its fillings are {{alone-error}}
away from the truth, and $z$ changes them by {{alone-spread}}. Both generators ignore $z$. One is good at its task and the other is useless, and no measure of diversity can tell which; the error can.

### Take z away

The test is to give both kinds of generators the *same* $z$ for everything. A free generator, which is told nothing and draws whole pairs (only the filled half is shown), with a new $z$ for every image:

![](free)

and with one $z$ for all:

![](free-fixed)

Ruin. Now the generator that is told outlines, with one $z$ for all:

![](told-fixed)

![](shares)

Its error with one $z$ is {{fixed-error}}, {{fixed-ratio}} times that with fresh ones. It shows {{told-classes}} of 10 digits, and {{named}} of its pairs are taken for the digit that they were made from
(of true pairs, {{named-truth}}), by the nearest of 4,000 labelled pairs.

**So look at the task before the diversity.** A low spread is a symptom only where spread is owed. If one input has several right answers (a grey photograph has many colourings), ignoring $z$ is a loss again, and
methods such as BicycleGAN exist to force $z$ back in.
";

pub(super) const KOREAN: &str = r"
붕괴가 병인 것은 생성자가 데이터의 *다양함*을 보여 주어야 할 때입니다. 그러나 많은 생성자의 일은 다릅니다. 이미지 한 장을 받아 좋은 이미지 한 장을 내놓는 것입니다. 사진을 또렷하게 하거나, 스케치에 색을 입히거나, 지도를
항공 사진으로 바꾸는 일이 그렇습니다. 여기서 다양함은 밖에서 들어오며, 생성자는 질문마다 좋은 답을 **하나**만 내면 됩니다.

이번 생성자는 숫자의 윤곽선을 받아 속을 채웁니다. 입력은 윤곽선 $x$와 잠재 벡터 $z$입니다. 판별자는 데이터의 쌍 (윤곽선, 채운 숫자)와 (윤곽선, $G(x, z)$)를 구별합니다. 또 pix2pix(Isola 등 2017)처럼 생성자의 손실에 정답
$y$와의 오차 $\lvert y - G(x, z) \rvert$를 더합니다. {{steps}}걸음 학습한 뒤 처음 보는 윤곽선으로 시험한 결과입니다.

![](pairs)

둘째 줄과 셋째 줄은 *서로 다른* $z$에서 나왔습니다. 구별하기 어려운 것은 거의 같기 때문입니다. 생성자는 $z$를 **무시**하도록 배웠습니다. 윤곽선이 주어졌을 때 이 생성자는 붕괴한 셈입니다. 학습하는 동안의 수치는 이렇습니다.

![](steps)

오차는 {{error}}까지 줄어듭니다. 윤곽선을 그대로 답으로 내면 정답과의 차이가 {{baseline}}입니다. 두 잠재 벡터가 만드는 차이는 {{spread}}, 서로 다른 두 숫자의 차이는 {{diversity}}이므로, $z$의 영향은 입력이 미치는 영향의
{{spread-ratio}}배입니다. 아무도 $z$를 무시하라고 하지 않았습니다. 다만 $x$마다 옳은 $y$가 하나뿐이라면 $z$ 때문에 달라지는 것은 모두 오차입니다.

**퍼짐이 작다는 것만으로는 아무것도 알 수 없습니다.** 오른쪽은 재구성 오차를 뺀 같은 게임입니다. 생성자는 빠르고 판별자는 느린 이 설정에서 판별자만으로는 이만큼의 학습으로 제대로 가르치지 못합니다. 채운 결과와 정답의 차이는
{{alone-error}}, $z$에 따른 차이는 {{alone-spread}}입니다. 두 생성자 모두 $z$를 무시하지만, 하나는 제 일을 잘하고 다른 하나는 쓸모가 없습니다. 다양성만 재어서는 어느 쪽인지 알 수 없고, 오차를 재어야 알 수 있습니다.

### z를 빼앗아 보기

두 종류의 생성자에게 모든 이미지에서 *같은* $z$를 주어 보면 확실해집니다. 먼저 아무것도 받지 않고 쌍 전체를 그리는 자유로운 생성자입니다(채운 쪽만 보입니다). 이미지마다 새로운 $z$를 주면 이렇습니다.

![](free)

모두 같은 $z$를 주면 이렇게 됩니다.

![](free-fixed)

파국입니다. 이제 윤곽선을 받는 생성자에게 모두 같은 $z$를 줍니다.

![](told-fixed)

![](shares)

같은 $z$를 쓴 오차는 {{fixed-error}}이며, 새 $z$를 쓸 때의 {{fixed-ratio}}배입니다. 숫자 10개 중 {{told-classes}}개가 나타나며, 라벨이 있는 쌍 4,000개 중 가장 가까운 것으로 판정하면 {{named}}의 비율로 원래 숫자로
분류됩니다(실제 쌍은 {{named-truth}}).

**그러므로 다양성을 따지기 전에 과제를 보십시오.** 퍼짐이 작은 것은 퍼져야 할 때에만 증상입니다. 한 입력에 옳은 답이 여럿이라면(흑백 사진에는 여러 가지 색을 입힐 수 있습니다) $z$를 무시하는 것은 다시 손해이며, BicycleGAN 같은
방법은 $z$를 억지로라도 쓰게 하려고 나왔습니다.
";
