//! How exactly steps multiply that are made on another device.

use ganatomy_record::{Fields, SpecError};
use ganatomy_tensor::Precision;

const NAMES: [(&str, Precision); 3] =
    [("highest", Precision::Highest), ("tf32", Precision::Tf32), ("bf16", Precision::Bf16)];

/// Reads `[device]`.
pub(super) fn read(root: &mut Fields<'_>) -> Result<Precision, SpecError> {
    let mut fields = root.table("device", "how steps are made on another device than the processor")?;
    let doc = "how exactly matrix products and convolutions are made there; the processor always keeps to single precision";
    let name = fields.choice("precision", doc, NAMES[0].0, &NAMES.map(|(name, _)| name))?;
    root.resolved("device", fields.finish()?);
    Ok(NAMES.into_iter().find(|known| known.0 == name).map_or_else(Precision::default, |known| known.1))
}
