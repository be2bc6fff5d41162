//! What the lesson on the clinic says.

pub(super) const ENGLISH: &str = r"
Nobody reads the health of a GAN off its losses: they are two numbers of a game in which both players change, and a loss of D near zero, or one that does not move, may mean
anything. People find out after days that the best checkpoint was in the first hour. Still, a run that is sick shows it somewhere, if enough is read while it goes.

Seven runs on a ring of eight modes follow, all with the same small networks. Six were made sick by one change each; one is well. Of each you see the losses, what is known of its samples over
the steps (here the modes are known, on your own images they are not), and its last samples. Guess first. These are the names to choose from:

| name | what it means |
|---|---|
| `healthy` | nothing wrong is seen |
| `complete-collapse`, `partial-collapse` | all samples are alike, or some of the data's variety is missing |
| `past-its-best` | samples were clearly better before |
| `vanishing-gradient` | G's loss no longer tells it where to go |
| `discriminator-too-strong` | D is sure of everything, and samples are bad |
| `exploding-gradient` | gradients or weights grow without bound |
| `generator-too-strong` | D cannot tell samples from data, though they are bad |
| `dead-players` | a player does not move, or D has no opinion |

Below each patient is what the clinic answers, folded. It sees the readings alone, as `ganatomy diagnose RUN` does: not the change that was made, and not your guess. Several names may hold at
once: what is wrong with a run has consequences, and these have names too.

### Patient 1

![](patient-1)

Look at when the modes are found, and at what happens after.

<details><summary>The clinic's answer</summary>

{{answer-1}}

*What was done:* {{cause-1}}.

</details>

### Patient 2

![](patient-2)

Where are the samples, and does D notice?

<details><summary>The clinic's answer</summary>

{{answer-2}}

*What was done:* {{cause-2}}.

</details>

### Patient 3

![](patient-3)

The losses hardly move. Is that bad?

<details><summary>The clinic's answer</summary>

{{answer-3}}

*What was done:* {{cause-3}}.

</details>

### Patient 4

![](patient-4)

Mind the axes of the samples: how far are they from the data, and how sure is D?

<details><summary>The clinic's answer</summary>

{{answer-4}}

*What was done:* {{cause-4}}.

</details>

### Patient 5

![](patient-5)

D is right about as often as a coin. Has G won?

<details><summary>The clinic's answer</summary>

{{answer-5}}

*What was done:* {{cause-5}}.

</details>

### Patient 6

![](patient-6)

Watch the size of the losses, not their sign.

<details><summary>The clinic's answer</summary>

{{answer-6}}

*What was done:* {{cause-6}}.

</details>

### Patient 7

![](patient-7)

One of the two lines of the losses says more by what it does not do.

<details><summary>The clinic's answer</summary>

{{answer-7}}

*What was done:* {{cause-7}}.

</details>

### Does the medicine work?

A remedy is an experiment, and one that can be made. Patient 2 is played again with {{n-treated}} seeds: left as it is, and with each of the first remedies that the clinic names: {{remedies}}.
The score counts what is missing among the modes and what is no mode at all; 0 is best.

![](treated)

Untreated, the median is {{untreated}}; with `{{best-remedy}}`, the best of them, it is {{best-treated}}. Not every remedy of the list helps, and a look at one run would not tell which. On a run of yours this is one
command: `ganatomy treat RUN` forks the run before its illness, tries its remedies beside an untreated fork for the same number of steps, and says which helps, or that none is told apart.
`ganatomy train --treat` does so while it trains.

### What to take home

![](answers)

- **One number does not tell.** The same loss of D stands for a G that is good and for a D that is too weak. Only together with what the samples are like does it mean something: that is why the clinic
  reads both, and says what it lacks where one is missing.
- **The name is not the cause.** A D that stands still, one that is too small and one that is outrun by G may all end with all samples in one place. The clinic names everything that it sees;
  begin with the name that explains the others.
- **Some things can be seen early, and some cannot.** The table has what the clinic says of the first quarter and the first half of each run. A run that will be past its best is well until then, and is rightly called so.
- **How sure it is was measured.** The percentages come from runs with known causes, other seeds and settings than these: of verdicts with such strong signs, so many were right there. On games that are unlike
  them it may be wrong more often.

Each patient was played with {{n-seeds}}; the checks below count how often the right name was among those given. A remedy is an experiment and no promise: play it beside the sick run, with the same seeds.
";

pub(super) const KOREAN: &str = r"
손실만 보고 GAN의 건강을 알 수 있는 사람은 없습니다. 두 경기자가 함께 변하는 게임에서 나온 두 숫자일 뿐이라, 판별자의 손실이 0에 가깝든 꿈쩍도 하지 않든 무엇이든 뜻할 수 있습니다. 그래서
가장 좋은 체크포인트가 첫 한 시간 안에 있었다는 사실을 며칠 뒤에야 알게 되곤 합니다. 그래도 아픈 학습은 어딘가에 티가 납니다. 학습하는 동안 충분히 읽어 두기만 한다면요.

아래는 모드가 여덟 개인 고리를 똑같은 작은 신경망으로 학습한 일곱 번의 기록입니다. 여섯은 각각 한 가지를 바꾸어 병들게 했고, 하나는 건강합니다. 환자마다 손실, 표본에 대해 아는 것(여기서는 모드를 알지만
여러분의 이미지에서는 모릅니다), 그리고 마지막 표본을 보여 줍니다. 먼저 맞혀 보세요. 병명은 다음 가운데 있습니다.

| 이름 | 뜻 |
|---|---|
| `healthy` | 이상이 보이지 않음 |
| `complete-collapse`, `partial-collapse` | 모든 표본이 거의 같음, 또는 데이터의 다양성 일부가 사라짐 |
| `past-its-best` | 전에는 표본이 뚜렷이 더 좋았음 |
| `vanishing-gradient` | 생성자의 손실이 갈 곳을 알려 주지 않음 |
| `discriminator-too-strong` | 판별자가 모든 것을 확신하는데 표본은 나쁨 |
| `exploding-gradient` | 기울기나 가중치가 끝없이 커짐 |
| `generator-too-strong` | 표본이 나쁜데도 판별자가 구별하지 못함 |
| `dead-players` | 경기자가 움직이지 않거나 판별자에게 의견이 없음 |

환자마다 진료소의 답을 접어 두었습니다. 진료소는 `ganatomy diagnose RUN`과 똑같이 기록된 값만 봅니다. 무엇을 바꾸었는지도, 여러분이 무엇을 골랐는지도 모릅니다. 여러 이름이 함께 붙을 수도
있습니다. 병은 다른 증상을 부르고, 그 증상에도 이름이 있으니까요.

### 환자 1

![](patient-1)

모드를 언제 찾았고, 그다음에 무슨 일이 생기는지 보세요.

<details><summary>진료소의 답</summary>

{{answer-1}}

*실제로 한 일:* {{cause-1}}.

</details>

### 환자 2

![](patient-2)

표본은 어디에 있나요? 판별자는 그것을 알아차리나요?

<details><summary>진료소의 답</summary>

{{answer-2}}

*실제로 한 일:* {{cause-2}}.

</details>

### 환자 3

![](patient-3)

손실이 거의 움직이지 않습니다. 나쁜 걸까요?

<details><summary>진료소의 답</summary>

{{answer-3}}

*실제로 한 일:* {{cause-3}}.

</details>

### 환자 4

![](patient-4)

표본 그림의 축을 보세요. 데이터에서 얼마나 떨어져 있고, 판별자는 얼마나 확신하나요?

<details><summary>진료소의 답</summary>

{{answer-4}}

*실제로 한 일:* {{cause-4}}.

</details>

### 환자 5

![](patient-5)

판별자의 정답률이 동전 던지기와 비슷합니다. 생성자가 이긴 걸까요?

<details><summary>진료소의 답</summary>

{{answer-5}}

*실제로 한 일:* {{cause-5}}.

</details>

### 환자 6

![](patient-6)

손실의 부호가 아니라 크기를 보세요.

<details><summary>진료소의 답</summary>

{{answer-6}}

*실제로 한 일:* {{cause-6}}.

</details>

### 환자 7

![](patient-7)

두 손실 곡선 가운데 하나는 ‘하지 않는 일’로 더 많은 것을 말해 줍니다.

<details><summary>진료소의 답</summary>

{{answer-7}}

*실제로 한 일:* {{cause-7}}.

</details>

### 약은 들을까요?

처방은 실험이며, 실제로 해 볼 수 있는 실험입니다. 환자 2를 시드 {{n-treated}}개로 다시 학습해 봅니다. 한 번은 그대로 두고, 한 번씩은 진료소가 먼저 권한 처방을 씁니다: {{remedies}}.
점수는 빠진 모드와 어느 모드도 아닌 표본을 함께 셉니다. 0이 가장 좋습니다.

![](treated)

그대로 두면 중앙값이 {{untreated}}이고, 가장 나은 `{{best-remedy}}`에서는 {{best-treated}}입니다. 목록의 처방이 다 듣는 것은 아니며, 한 번만 돌려서는 어느 것이 듣는지 알 수 없습니다. 여러분의 학습에는 명령 하나면 됩니다.
`ganatomy treat RUN`은 병이 나기 전의 체크포인트에서 학습을 갈라, 처방들을 치료하지 않은 갈래와 같은 걸음 수만큼 돌려 보고, 어느 것이 듣는지 또는 구별되지 않는지 말해 줍니다.
`ganatomy train --treat`는 학습하는 도중에 그렇게 합니다.

### 기억해 둘 것

![](answers)

- **숫자 하나로는 알 수 없습니다.** 판별자의 손실이 같아도 생성자가 훌륭한 것일 수도, 판별자가 너무 약한 것일 수도 있습니다. 표본이 어떤지와 함께 보아야 뜻이 생깁니다. 그래서 진료소는 둘 다 읽고, 하나가 없으면 무엇이
  모자라는지 말합니다.
- **병명은 원인이 아닙니다.** 판별자가 멈춰 있어도, 너무 작아도, 생성자를 따라가지 못해도 결국 모든 표본이 한곳에 모일 수 있습니다. 진료소는 보이는 것을 모두 말하므로, 다른 이름까지 설명해 주는 이름부터 손대세요.
- **일찍 보이는 것도 있고 그렇지 않은 것도 있습니다.** 표에는 학습의 처음 4분의 1과 절반만 보고 내린 진단도 있습니다. 나중에 나빠질 학습도 그때까지는 건강하며, 그렇게 말하는 것이 맞습니다.
- **확신도는 실제로 재어 본 값입니다.** 원인을 아는 다른 학습들(시드도 설정도 이것들과 다릅니다)에서 증상이 이만큼 뚜렷했던 진단 가운데 맞은 비율입니다. 그 학습들과 닮지 않은 게임에서는 더 자주 틀릴 수 있습니다.

환자마다 {{n-seeds}}로 학습했고, 아래 검사는 옳은 이름이 몇 번이나 나왔는지를 셉니다. 처방은 약속이 아니라 실험입니다. 아픈 학습 옆에서 같은 시드로 돌려 비교해 보세요.
";
