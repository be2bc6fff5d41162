//! Names of real logs, and what they mean.

use super::*;

fn check(names: &[&str], expected: &str) {
    for name in names {
        let found = guess(name);
        let ours = found.as_ref().map_or("-".to_owned(), |guess| match &guess.game {
            Some(game) => format!("{game} {}", guess.ours),
            None => guess.ours.to_owned(),
        });
        assert_eq!(ours, expected, "{name}");
    }
}

#[test]
fn losses_of_players() {
    let names = "d_loss D_loss Loss_D lossD errD disc_loss Discriminator_loss Dis_loss loss_dis critic_loss Loss/D/loss d \
                 loss/discriminator train/d_loss d_loss_step d_loss_epoch dloss netD_loss loss_D_total D_hinge_loss";
    check(&names.split_whitespace().collect::<Vec<_>>(), "discriminator/loss");
    check(&["D loss", "Discriminator Loss", "loss (D)", "DLoss"], "discriminator/loss");
    let names = "g_loss G_loss Loss_G lossG errG gen_loss Generator_loss Gen_loss loss_gen Loss/G/loss g train/g_loss gloss";
    check(&names.split_whitespace().collect::<Vec<_>>(), "generator/loss");
    check(&["G loss", "Generator Loss", "A loss"], "generator/loss");
    check(
        &["D_real", "errD_real", "d_loss_real", "loss_D_real", "d1", "Loss/D/real"],
        "discriminator/loss_real",
    );
    check(&["D_fake", "errD_fake", "d_loss_fake", "d2", "d_loss_gen"], "discriminator/loss_fake");
    check(&["val_disc_loss", "val/d_loss"], "discriminator/loss_held_out");
    check(&["val_gen_loss"], "generator/loss_held_out");
    check(
        &["G_GAN", "adv_loss", "G GAN Loss", "g_adv", "loss_G_GAN", "gan_loss", "adv", "GAN"],
        GENERATOR_PART,
    );
    check(&["G total loss", "loss_G_total"], GENERATOR_TOTAL);
    check(&["l_g_gan", "gen_gan_loss"], GENERATOR_PART);
    check(&["D/loss_real", "l_d_real", "D Real Loss"], "discriminator/loss_real");
    check(&["losses/d", "mean_d_loss", "D-Loss", "loss d", "epoch_d_loss"], "discriminator/loss");
    check(&["D_X"], "X discriminator/loss");
    check(&["D_A", "loss_D_A", "D_A_loss"], "A discriminator/loss");
    check(&["G_B"], "B generator/loss");
}

#[test]
fn outputs_and_penalties() {
    check(&["D_x", "D(x)", "real_score", "d_out_real"], "discriminator/probability_real");
    check(&["D(G(z))", "fake_score"], "discriminator/probability_fake");
    check(&["D(G(z)) (2)"], "discriminator/probability_fake_after");
    check(&["Loss/scores/real", "logits_real", "D_logits/real"], "discriminator/logit_real");
    check(&["Loss/scores/fake"], "discriminator/logit_fake");
    check(&["Loss/signs/real", "r_t"], "discriminator/sign_real");
    check(&["acc", "d_acc", "D accuracy"], "discriminator/accuracy");
    check(&["a1", "acc_real", "D_acc_real"], "discriminator/accuracy_real");
    check(&["Progress/augment", "augment", "ada_p"], "augment/probability");
    check(&["gp", "GP", "gradient_penalty", "Loss/r1_penalty", "r1"], "discriminator/penalty");
    check(&["Loss/pl_penalty", "path_length_loss"], "generator/penalty");
    check(&["grad_norm_D", "D/gradient_norm"], "discriminator/gradient_norm");
    check(&["k_t", "kt", "k"], "loss/k");
    check(&["measure"], "loss/convergence");
}

#[test]
fn scores() {
    check(
        &["fid", "FID", "fid50k_full", "FID score", "Metrics/fid50k_full", "frechet_inception_distance"],
        "scores/fid/fid",
    );
    check(
        &["IS", "IS_mean", "Inception score", "is50k_mean", "inception_score"],
        "scores/inception/inception_score",
    );
    check(&["kid50k_full", "KID", "kernel_inception_distance"], "scores/kid/kid");
    check(&["precision", "pr50k3_full_precision"], "scores/precision-recall/precision");
    check(&["coverage"], "scores/density-coverage/coverage");
}

#[test]
fn what_means_nothing_is_not_guessed() {
    let names = "cycle_A idt_A G_L1 Rx Dx E time data lr best_fid IS_std lr_D Cls_loss reconstruction_loss loss Topk \
                 Loss/signs/fake G_VGG d_loss__MIN vgg kl_loss loss_cls_D acc_cls Elapsed Progress temperature MSG SSL";
    check(&names.split_whitespace().collect::<Vec<_>>(), "-");
    check(&["Best FID score", "", "é", "D G loss std"], "-");
}
