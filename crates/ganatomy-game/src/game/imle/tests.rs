//! Tests of the games without a discriminator.
