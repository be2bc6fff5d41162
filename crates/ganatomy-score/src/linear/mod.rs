//! Linear algebra in double precision: products, covariances, factors and singular values.

pub(crate) mod band;
pub(crate) mod cholesky;
pub(crate) mod gather;
pub(crate) mod moments;
pub(crate) mod product;
pub(crate) mod quotient;
pub(crate) mod reflect;
pub(crate) mod singular;
