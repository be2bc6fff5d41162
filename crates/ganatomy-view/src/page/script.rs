//! The scripts of a page: the chart library, the charts, and the choice of the language.

use maud::{Markup, PreEscaped, html};
use plotly::Plot;
use serde_json::{Value, json};

use super::Exhibit;
use crate::ViewError;
use crate::figure::chart_json;

/// Chooses the language before anything is shown.
pub(super) const LANGUAGE: &str = include_str!("language.js");
/// Lets the reader change the language.
pub(super) const SWITCH: &str = include_str!("switch.js");
/// Draws the charts, in the colours of the page.
const CHARTS: &str = include_str!("charts.js");

/// The chart library or, if it lies beside the page, its file; the charts as data; and the script that draws them.
pub(super) fn of(exhibits: &[(String, Exhibit)], beside: Option<&str>) -> Result<Markup, ViewError> {
    let mut figures = serde_json::Map::new();
    for (name, exhibit) in exhibits {
        if let Exhibit::Figure(figure) = exhibit {
            let charts = figure.charts.iter().map(chart_json).collect::<Result<Vec<Value>, _>>()?;
            figures.insert(name.clone(), json!({"stepped": figure.stepped, "charts": charts}));
        }
    }
    // "</" would end the script early; "<\/" is the same to JSON.
    let data = serde_json::to_string(&figures).map_err(ViewError::json)?.replace("</", "<\\/");
    Ok(html! {
        @match beside {
            Some(file) => script src=(file) {},
            None => script { (PreEscaped(library())) },
        }
        script type="application/json" id="figures" { (PreEscaped(data)) }
        script { (PreEscaped(CHARTS)) }
    })
}

/// plotly.js as its crate embeds it, without the library for formulas that comes with it.
pub fn library() -> String {
    let all = Plot::offline_js_sources();
    let script = all.split_once("</script>").map_or("", |(first, _)| first);
    script.split_once('>').map_or("", |(_, code)| code).to_owned()
}
