//! Lines of every kind of log.

use super::{check, read, read_as, told};
use crate::Options;

#[test]
fn dcgan_lines() {
    check(
        "[0/2][0/391]\tLoss_D: 1.5\tLoss_G: 2.0\tD(x): 0.5\tD(G(z)): 0.6 / 0.1\n\
         [1/2][50/391]\tLoss_D: 0.5\tLoss_G: 3.0\tD(x): 0.9\tD(G(z)): 0.2 / 0.05\n",
        &[
            "dcgan by iteration",
            "discriminator/loss 2: 1.5 at 0 to 0.5 at 441",
            "discriminator/probability_fake 2: 0.6 at 0 to 0.2 at 441",
            "discriminator/probability_fake_after 2: 0.1 at 0 to 0.05 at 441",
            "discriminator/probability_real 2: 0.5 at 0 to 0.9 at 441",
            "generator/loss 2: 2 at 0 to 3 at 441",
        ],
    );
    assert_eq!(read("[0/2][0/391] Loss_D: 1.5 Loss_G: 2.0\n").values, "sum");
    // A D(x) outside of 0 and 1 is no probability.
    check(
        "[0/2][0/9] Loss_D: 1 Loss_G: 2 D(x): 3.5 D(G(z)): -2.5 / -1\n",
        &[
            "dcgan by iteration",
            "discriminator/logit_fake 1: -2.5 at 0 to -2.5 at 0",
            "discriminator/logit_real 1: 3.5 at 0 to 3.5 at 0",
            "discriminator/loss 1: 1 at 0 to 1 at 0",
            "generator/loss 1: 2 at 0 to 2 at 0",
        ],
    );
}

#[test]
fn pytorch_gan_and_keras_lines() {
    let log = "[Epoch 0/200] [Batch 0/938] [D loss: 0.7] [G loss: 0.6]\n[Epoch 1/200] [Batch 937/938] [D loss: 0.5] [G loss: 1.5]\n";
    check(
        log,
        &[
            "pytorch-gan by iteration",
            "discriminator/loss 2: 0.7 at 0 to 0.5 at 1875",
            "generator/loss 2: 0.6 at 0 to 1.5 at 1875",
        ],
    );
    assert_eq!(read(log).values, "mean");
    check(
        "0 [D loss: 0.693, acc.: 68.36%] [G loss: 0.7]\n100 [D loss: 0.5, acc.: 75.00%] [G loss: nan]\n",
        &[
            "keras by iteration",
            "discriminator/accuracy 2: 0.6836 at 0 to 0.75 at 100",
            "discriminator/loss 2: 0.693 at 0 to 0.5 at 100",
            "generator/loss 2: 0.7 at 0 to NaN at 100",
        ],
    );
    check(
        ">1, d1=0.7, d2=0.9 g=0.8, a1=54, a2=12\n>450, d1=0.0, d2=0.1 g=10.4, a1=100, a2=99\n",
        &[
            "keras by iteration",
            "discriminator/accuracy_fake 2: 0.12 at 1 to 0.99 at 450",
            "discriminator/accuracy_real 2: 0.54 at 1 to 1 at 450",
            "discriminator/loss_fake 2: 0.9 at 1 to 0.1 at 450",
            "discriminator/loss_real 2: 0.7 at 1 to 0 at 450",
            "generator/loss 2: 0.8 at 1 to 10.4 at 450",
        ],
    );
    check(
        ">1, 1/468, d1=0.7, d2=0.9 g=0.8\n>2, 468/468, d1=0.6, d2=0.9 g=0.8\n",
        &[
            "keras by iteration",
            "discriminator/loss_fake 2: 0.9 at 1 to 0.9 at 936",
            "discriminator/loss_real 2: 0.7 at 1 to 0.6 at 936",
            "generator/loss 2: 0.8 at 1 to 0.8 at 936",
        ],
    );
}

#[test]
fn lines_of_keras_cyclegans() {
    check(
        ">1, dA[0.5,0.6] dB[0.7,0.8] g[21.5,19.5]\n>12, dA[0.1,0.2] dB[0.1,0.3] g[1.2,3.4]\n",
        &[
            "keras by iteration",
            "pair/A/discriminator/loss_fake 2: 0.6 at 1 to 0.2 at 12",
            "pair/A/discriminator/loss_real 2: 0.5 at 1 to 0.1 at 12",
            "pair/A/generator/loss 2: 19.5 at 1 to 3.4 at 12",
            "pair/B/discriminator/loss_fake 2: 0.8 at 1 to 0.3 at 12",
            "pair/B/discriminator/loss_real 2: 0.7 at 1 to 0.1 at 12",
            "pair/B/generator/loss 2: 21.5 at 1 to 1.2 at 12",
        ],
    );
}

#[test]
fn cyclegan_lines() {
    let log = "================ Training Loss (Mon Feb 14 16:51:32 2022) ================\n\
               (epoch: 1, iters: 100, time: 0.480, data: 0.199) D_A: 0.280 G_A: 0.843 cycle_A: 2.1 D_B: 0.192 G_B: 0.294 cycle_B: 1.1 \n\
               (epoch: 2, iters: 500, time: 0.480, data: 0.199) D_A: 0.001 G_A: 0.995 cycle_A: 2.1 D_B: 0.25 G_B: 0.3 cycle_B: 1.1 \n\
               (epoch: 3, iters: 300, time: 0.480, data: 0.199) D_A: 0.002 G_A: 0.995 cycle_A: 2.1 D_B: 0.25 G_B: 0.3 cycle_B: 1.1 \n";
    check(
        log,
        &[
            "cyclegan by iteration",
            "pair/A/discriminator/loss 3: 0.28 at 100 to 0.002 at 1300",
            "pair/A/generator/loss 3: 0.843 at 100 to 0.995 at 1300",
            "pair/B/discriminator/loss 3: 0.192 at 100 to 0.25 at 1300",
            "pair/B/generator/loss 3: 0.294 at 100 to 0.3 at 1300",
        ],
    );
    assert!(read(log).ignored.iter().any(|ignored| ignored.theirs == "cycle_A" && ignored.count == 3));
    check(
        "(epoch: 1, iters: 100, time: 0.1, data: 0.2) G_GAN: 1.2 G_L1: 20.5 D_real: 0.4 D_fake: 0.3\n",
        &[
            "cyclegan by iteration",
            "discriminator/loss_fake 1: 0.3 at 100 to 0.3 at 100",
            "discriminator/loss_real 1: 0.4 at 100 to 0.4 at 100",
            "generator/loss 1: 1.2 at 100 to 1.2 at 100",
        ],
    );
}

#[test]
fn stylegan_files() {
    let stats = "{\"Loss/scores/fake\": {\"num\": 64, \"mean\": -3.0, \"std\": 1.1}, \"Loss/signs/real\": {\"num\": 64, \"mean\": 0.6, \"std\": 0.1}, \
                 \"Loss/D/loss\": {\"num\": 4, \"mean\": 0.8, \"std\": 0}, \"Loss/G/loss\": {\"num\": 4, \"mean\": NaN, \"std\": 0}, \
                 \"Progress/kimg\": {\"num\": 1, \"mean\": 4.06, \"std\": 0.0}, \"Progress/augment\": {\"num\": 1, \"mean\": 1.2, \"std\": 0.0}, \"timestamp\": 1e9}\n";
    check(
        stats,
        &[
            "stylegan-stats by kimg",
            "augment/probability 1: 1.2 at 4 to 1.2 at 4",
            "discriminator/logit_fake 1: -3 at 4 to -3 at 4",
            "discriminator/loss 1: 0.8 at 4 to 0.8 at 4",
            "discriminator/sign_real 1: 0.6 at 4 to 0.6 at 4",
            "generator/loss 1: NaN at 4 to NaN at 4",
        ],
    );
    let metric = |kimg: u32, fid: f64| {
        format!(
            "{{\"results\": {{\"fid50k_full\": {fid}}}, \"metric\": \"fid50k_full\", \"snapshot_pkl\": \"network-snapshot-{kimg:06}.pkl\"}}\n"
        )
    };
    check(
        &(metric(0, 300.5) + &metric(40, 120.0)),
        &["stylegan-metric by kimg", "scores/fid/fid 2: 300.5 at 0 to 120 at 40"],
    );
    check(
        "tick 0     kimg 0.0      time 35s          sec/tick 3.8     sec/kimg 118.64  maintenance 31.2   cpumem 4.39   augment 0.000\n\
         tick 1     kimg 4.0      time 2m 10s       sec/tick 90.8    sec/kimg 22.64   maintenance 1.2    cpumem 4.39   augment 0.007\n",
        &["stylegan-console by kimg", "augment/probability 2: 0 at 0 to 0.007 at 4"],
    );
}

#[test]
fn studiogan_lines() {
    let head = "[INFO] 2021-01-15 14:49:40 > ";
    let log = format!(
        "{head}Step:     100 Progress: 0.1% Elapsed: 0:00:41 temperature: no ada_p: No Discriminator_loss: 0.25 Generator_loss: 1.32 \n\
         {head}Step:    2000 Progress: 2.0% Elapsed: 1 day, 0:13:33 Gen_loss: 1.9 Dis_loss: 0.96 Cls_loss: 3.9 Topk:  N/A ada_p: 0.01 \n\
         {head}FID score (Step: 2000, Using test moments): 45.4\n\
         {head}Inception score (Step: 2000, 10000 generated images): 6.0\n\
         {head}Best FID score (Step: 2000, Using test moments): 12.3\n"
    );
    check(
        &log,
        &[
            "studiogan by iteration",
            "augment/probability 1: 0.01 at 2000 to 0.01 at 2000",
            "discriminator/loss 1: 0.25 at 100 to 0.25 at 100",
            "generator/loss 1: 1.32 at 100 to 1.32 at 100",
            "scores/fid/fid 1: 45.4 at 2000 to 45.4 at 2000",
            "scores/inception/inception_score 1: 6 at 2000 to 6 at 2000",
        ],
    );
}

#[test]
fn bars_of_progress() {
    check(
        "1/1000 [00:00<?, ?it/s]G: 5.45 | MSG: -3.50 | D: 3.13 | GP: 0.00\r20/1000 [08:34<7:56:06, 26.23s/it]G: nan | MSG: 1 | D: nan | GP: 10.00\n",
        &[
            "progress by iteration",
            "discriminator/loss 2: 3.13 at 1 to NaN at 20",
            "discriminator/penalty 2: 0 at 1 to 10 at 20",
            "generator/loss 2: 5.45 at 1 to NaN at 20",
        ],
    );
    check(
        "Epoch 1/50\n1/938 [>...] - ETA: 3s - d_loss: 0.7 - g_loss: 0.6\r938/938 [===] - 12s 13ms/step - d_loss: 0.6 - g_loss: 0.8\n\
         Epoch 2/50\n938/938 [===] - 12s 13ms/step - d_loss: 0.5 - g_loss: 0.9\n",
        &[
            "progress by iteration",
            "discriminator/loss 3: 0.7 at 1 to 0.5 at 1876",
            "generator/loss 3: 0.6 at 1 to 0.9 at 1876",
        ],
    );
}

#[test]
fn other_lines() {
    check(
        "Epoch: [ 1/200] [ 0/ 4] time: 1.0, d_loss: 1.5, g_loss: 0.5\nEpoch: [ 2/200] [ 3/ 4] time: 2.0, d_loss: 1.25, g_loss: 0.75\n",
        &[
            "epochs by iteration",
            "discriminator/loss 2: 1.5 at 0 to 1.25 at 7",
            "generator/loss 2: 0.5 at 0 to 0.75 at 7",
        ],
    );
    check(
        "Iter: 0 Generator Loss: 26.5 Discriminator Loss: 0.25\nIter: 50 Generator Loss: 20 Discriminator Loss: 0.125\n",
        &[
            "lines by iteration",
            "discriminator/loss 2: 0.25 at 0 to 0.125 at 50",
            "generator/loss 2: 26.5 at 0 to 20 at 50",
        ],
    );
    check(
        "step 100 d_loss 0.5 g_loss 0.75\nstep 200 d_loss 0.25 g_loss 1\n",
        &[
            "lines by iteration",
            "discriminator/loss 2: 0.5 at 100 to 0.25 at 200",
            "generator/loss 2: 0.75 at 100 to 1 at 200",
        ],
    );
    check(
        "{'loss_D': tensor(0.5, grad_fn=<MeanBackward0>), 'loss_G': 0.75}\n",
        &[
            "lines by row",
            "discriminator/loss 1: 0.5 at 1 to 0.5 at 1",
            "generator/loss 1: 0.75 at 1 to 0.75 at 1",
        ],
    );
    check(
        "step: 1 k_t: 0.1 measure: 0.5 loss_d: 0.25 loss_g: 0.125\n",
        &[
            "lines by iteration",
            "discriminator/loss 1: 0.25 at 1 to 0.25 at 1",
            "generator/loss 1: 0.125 at 1 to 0.125 at 1",
            "loss/convergence 1: 0.5 at 1 to 0.5 at 1",
            "loss/k 1: 0.1 at 1 to 0.1 at 1",
        ],
    );
}

#[test]
fn whose_loss_it_is_may_stand_before_it() {
    let expected = ["discriminator/loss 1: 0.5 at 1 to 0.5 at 1", "generator/loss 1: 0.75 at 1 to 0.75 at 1"];
    for line in [
        "epoch: 1, [Discriminator :: d_loss: 0.5], [ Generator :: loss: 0.75]",
        "epoch 1 | D: loss=0.5, acc=0.6 | G: loss=0.75",
        "Epoch 1 - Discriminator loss: 0.5... Generator loss: 0.75...",
        "Epoch 1/5... Discriminator Loss: 0.5000... Generator Loss: 0.7500",
        "step 1: d_loss 0.5 g_loss 0.75",
        "[Step 1] loss_d 0.5, loss_g 0.75",
        "discriminator loss at step 1: 0.5\nadversarial loss at step 1: 0.75",
        "d: 0.5; g: 0.75; path: 0.1; mean path: 0.0:   0%|x| 1/800 [00:01<1:02:03, 1.0s/it]",
        "G_step [1/1000000], D_step[1/1000000], loss_D: 0.5, loss_G: 0.75",
    ] {
        let told = told(&read(line));
        let found: Vec<&String> = told[1..].iter().filter(|line| line.contains("/loss ")).collect();
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn counters_may_stand_on_lines_of_their_own() {
    check(
        "data:   0%|   | 50/1500 [00:50<41:12, 1.01it/s]\nG: -0.10 | D: 1.5\ndata:   0%|   | 100/1500 [00:50<41:12, 1.01it/s]\nG: 0.5 | D: 1.25\n",
        &[
            "progress by iteration",
            "discriminator/loss 2: 1.5 at 50 to 1.25 at 100",
            "generator/loss 2: -0.1 at 50 to 0.5 at 100",
        ],
    );
    check(
        "Epoch 1/9\nd_loss: 0.5 g_loss: 1\nEpoch 2/9\nd_loss: 0.25 g_loss: 2\n",
        &[
            "lines by epoch",
            "discriminator/loss 2: 0.5 at 1 to 0.25 at 2",
            "generator/loss 2: 1 at 1 to 2 at 2",
        ],
    );
    // One such line says nothing of all the others.
    check(
        "Resuming from step 100\nd_loss: 0.5 g_loss: 1\nd_loss: 0.5 g_loss: 1\nd_loss: 0.25 g_loss: 2\n",
        &[
            "lines by row",
            "discriminator/loss 3: 0.5 at 1 to 0.25 at 3",
            "generator/loss 3: 1 at 1 to 2 at 3",
        ],
    );
    // An epoch on two lines does not tell them apart.
    let twice = "Epoch [ 1/ 50] | d_loss: 1 | g_loss: 1\nEpoch [ 1/ 50] | d_loss: 2 | g_loss: 2\nEpoch [ 2/ 50] | d_loss: 3 | g_loss: 3\n";
    assert_eq!(read(twice).series()["discriminator/loss"], [(1, 1.0), (2, 2.0), (3, 3.0)]);
    // Chainer's table on a terminal.
    check(
        "epoch       iteration   gen/loss    dis/loss\n\x1b[J0           100         0.75   1.25\n\x1b[J0           200         0.5   1\n",
        &[
            "csv by iteration",
            "discriminator/loss 2: 1.25 at 100 to 1 at 200",
            "generator/loss 2: 0.75 at 100 to 0.5 at 200",
        ],
    );
    check(
        "[Epoch 0/9] [Batch 1/4] [D loss: 0.5] [G loss: 8, adv: 0.75, cycle: 0.5]\n",
        &[
            "pytorch-gan by iteration",
            "discriminator/loss 1: 0.5 at 1 to 0.5 at 1",
            "generator/loss 1: 0.75 at 1 to 0.75 at 1",
            "generator/total_loss 1: 8 at 1 to 8 at 1",
        ],
    );
}

#[test]
fn json_in_lists_lines_and_columns() {
    check(
        "[\n  {\n \"loss_gen\": 7.5, \"iteration\": 100, \"loss_dis\": 1.25, \"epoch\": 0\n  },\n  {\"loss_gen\": NaN, \"iteration\": 200, \"loss_dis\": 1.5, \"epoch\": 1}\n]",
        &[
            "json by iteration",
            "discriminator/loss 2: 1.25 at 100 to 1.5 at 200",
            "generator/loss 2: 7.5 at 100 to NaN at 200",
        ],
    );
    check(
        "{\"itr\": 2000, \"IS_mean\": 1.5, \"IS_std\": 0.1, \"FID\": 394.5}\n{\"itr\": 4000, \"IS_mean\": 2.5, \"FID\": 300}\n",
        &[
            "jsonl by iteration",
            "scores/fid/fid 2: 394.5 at 2000 to 300 at 4000",
            "scores/inception/inception_score 2: 1.5 at 2000 to 2.5 at 4000",
        ],
    );
    check(
        "{\"d_loss\": [0.7, 0.6, 0.5], \"g_loss\": [1, 2, 3]}",
        &["jsonl by row", "discriminator/loss 3: 0.7 at 1 to 0.5 at 3", "generator/loss 3: 1 at 1 to 3 at 3"],
    );
    let bare = read_as("D_loss_real.log", b"0: 1.5\n10: 1.25\n", &Options::default()).unwrap();
    assert_eq!(told(&bare), ["lines by iteration", "discriminator/loss_real 2: 1.5 at 0 to 1.25 at 10"]);
}

#[test]
fn tables() {
    let expected = [
        "csv by epoch",
        "discriminator/loss 2: 0.5 at 0 to 0.25 at 1",
        "generator/loss 2: 1.5 at 0 to 2.5 at 1",
    ];
    for [comma, row] in [[",", ","], ["\t", "\t"], [";", ";"], ["  ", "    "]] {
        check(
            &format!("epoch{comma}d_loss{comma}g_loss\n0{row}0.5{row}1.5\n1{row}0.25{row}2.5\n"),
            &expected,
        );
    }
    // Lightning: cells are missing, names end in _step and _epoch.
    check(
        "epoch,step,d_loss_step,g_loss_step,d_loss_epoch,val_d_loss\n0,49,0.7,,,\n0,49,,0.8,,\n0,99,0.6,0.9,,\n0,99,,,0.65,0.75\n1,149,0.5,1.0,,\n",
        &[
            "csv by iteration",
            "discriminator/loss 3: 0.7 at 49 to 0.5 at 149",
            "discriminator/loss_held_out 1: 0.75 at 99 to 0.75 at 99",
            "generator/loss 3: 0.8 at 49 to 1 at 149",
        ],
    );
    check(
        "epoch,batch,loss_d,loss_g\n0,0,1,2\n0,9,1.5,2\n1,0,1.25,3\n",
        &[
            "csv by iteration",
            "discriminator/loss 3: 1 at 0 to 1.25 at 10",
            "generator/loss 3: 2 at 0 to 3 at 10",
        ],
    );
    check(
        "step,d_loss,g_loss\n0,\"tensor(10.5290, grad_fn=<MeanBackward0>)\",NA\n10,N/A,0.5\n20,inf,0.25\n",
        &[
            "csv by iteration",
            "discriminator/loss 2: 10.529 at 0 to inf at 20",
            "generator/loss 2: 0.5 at 10 to 0.25 at 20",
        ],
    );
    check(
        "\"Step\",\"sunny-7 - d_loss\",\"sunny-7 - d_loss__MIN\",\"sunny-7 - d_loss__MAX\",\"sunny-7 - g_loss\"\n\"10\",\"0.5\",\"0.1\",\"0.9\",\"1.5\"\n",
        &[
            "wandb by iteration",
            "discriminator/loss 1: 0.5 at 10 to 0.5 at 10",
            "generator/loss 1: 1.5 at 10 to 1.5 at 10",
        ],
    );
    let two = "Step,a - d_loss,a - g_loss,b - d_loss,b - g_loss\n10,0.5,1.5,0.25,2\n";
    let run = |run| read_as("a", two.as_bytes(), &Options { run, ..Options::default() }).unwrap();
    assert_eq!(run(None).series()["discriminator/loss"], [(10, 0.5)]);
    assert_eq!(run(Some(2)).series()["discriminator/loss"], [(10, 0.25)]);
    assert_eq!(run(None).notes, ["it holds 2 runs side by side: a is read; --run N reads another"]);
    let tag = read_as(
        "run-.-tag-Loss_D.csv",
        b"Wall time,Step,Value\n1.6e9,0,1.5\n1.6e9,10,1.25\n",
        &Options::default(),
    )
    .unwrap();
    assert_eq!(told(&tag), ["csv by iteration", "discriminator/loss 2: 1.5 at 0 to 1.25 at 10"]);
}
