//! Damaged logs of every format: each is answered with a value or one sentence, in bounded memory and without a panic.

use std::path::{Path, PathBuf};

use super::read_as;
use crate::damage::damaged;
use crate::join::of_sources;
use crate::source::Source;
use crate::{ImportError, Options};

/// A damaged log of a few hundred bytes takes no more: mostly what is read ahead.
const MOST: usize = 8 << 20;

fn files() -> Vec<Vec<u8>> {
    let texts = [
        "[0/2][0/391]\tLoss_D: 1.5\tLoss_G: 2.0\tD(x): 0.5\tD(G(z)): 0.6 / 0.1\n[1/2][50/391]\tLoss_D: 0.5\tLoss_G: 3.0\tD(x): 0.9\tD(G(z)): 0.2 / 0.05\n",
        "[Epoch 0/200] [Batch 0/938] [D loss: 0.7, acc.: 55.1%] [G loss: 0.6]\n>446, d1=0.5, d2=0.5 g=1.3, a1=76, a2=82\n",
        "(epoch: 1, iters: 100, time: 0.48, data: 0.199) D_A: 0.28 G_A: 0.8 cycle_A: 2.1 D_B: 0.19 G_B: 0.29\n(epoch: 2, iters: 100, time: 0.4, data: 0.1) D_A: 0.1 G_A: 0.8 cycle_A: 2 D_B: 0.1 G_B: 0.2\n",
        "{\"Loss/D/loss\": {\"num\": 4, \"mean\": 0.8, \"std\": 0}, \"Progress/kimg\": {\"num\": 1, \"mean\": 4.06, \"std\": 0.0}}\n{\"results\": {\"fid50k_full\": 3.5}, \"snapshot_pkl\": \"network-snapshot-000040.pkl\"}\n",
        "[INFO] 2021 > Step:  2000 Progress: 2.0% Elapsed: 1 day, 0:13:33 Gen_loss: 1.9 Dis_loss: 0.96 Topk:  N/A ada_p: 0.01 \n> FID score (Step: 2000, Using test moments): 45.4\n",
        "[{\"iteration\": 1, \"loss_dis\": 0.5, \"loss_gen\": NaN}, {\"iteration\": 2, \"loss_dis\": 0.5, \"loss_gen\": [1, {\"a\": 2}]}]",
        "epoch,step,d_loss,g_loss,\"run - fid\"\n0,1,0.5,\"tensor(1.5, grad_fn=<A>)\",\n0,2,NA,inf,30.5\n1,3,0.25,-1e-3,20\n",
        "{\"cells\": [{\"outputs\": [{\"text\": [\"step: 1 d_loss: 0.5 g_loss: 1\\n\"]}, {\"data\": {\"text/plain\": \"x\"}}]}], \"nbformat\": 4}",
        "1/1000 [00:00<?, ?it/s]G: 5.45 | D: 3.13 | GP: 0.00\r20/1000 [08:34<7:56:06, 26.23s/it]G: nan | D: nan | GP: 10.00\n",
        "# of run 7\n# step d_loss g_loss\n1 0.5 0.7\n2 \"0.6\" 0.8\n",
        ">1, dA[0.5,0.6] dB[0.7,0.8] g[21.5,19.5]\n390/391 [00:10<00:05, 9.0it/s, d_loss=0.5, g_loss=0.7]\r10/391 [00:10<00:05, 9.0it/s, d_loss=0.6, g_loss=0.7]\n",
        "tick 0     kimg 0.0      time 35s   augment 0.000\n\x1b[32mstep 100\x1b[0m d_loss 0.5 g_loss 0.75\n",
    ];
    let mut files: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    files.push(texts[0].encode_utf16().flat_map(u16::to_le_bytes).collect());
    files.push(super::events::file(&[(0, "d_loss", 0.5), (0, "g_loss", 1.5), (10, "d_loss", 0.25)]));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, texts[1].as_bytes()).unwrap();
    files.push(packed.finish().unwrap());
    files
}

/// Reads a log, and all that may be made of it.
fn answer(bytes: &[u8], options: &Options) -> Result<(), String> {
    let open = |path: &Path| Source::of_bytes(path, bytes);
    let said = |error: ImportError| error.to_string();
    // Twice the same file is a run in two files.
    let imported = of_sources(&[PathBuf::from("a"), PathBuf::from("a")], options, open).map_err(said)?;
    for points in imported.series().values() {
        assert!(points.windows(2).all(|pair| pair[0].0 < pair[1].0), "steps do not ascend: {points:?}");
    }
    assert!(imported.events().count() >= 1 && imported.plan().contains_key("import"));
    imported.check().map_err(said)
}

#[test]
fn damaged_files_are_answered() {
    let files = files();
    for file in &files {
        assert!(read_as("a", file, &Options::default()).is_ok(), "{:?}", String::from_utf8_lossy(file));
    }
    damaged(&files, 2400, MOST, |bytes| answer(bytes, &Options::default()));
    let pattern = Some(r"(?P<step>\d+).*?(?P<d_loss>[-.0-9e]+)".to_owned());
    damaged(&files, 400, MOST, |bytes| {
        answer(bytes, &Options { pattern: pattern.clone(), ..Options::default() })
    });
}
