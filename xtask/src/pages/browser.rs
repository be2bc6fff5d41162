//! A headless Chromium, driven through ChromeDriver by the WebDriver protocol.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Chromium's options: no sandbox, as continuous integration runs as root, and no connections to its maker.
const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
];
/// The longest wait for an answer; even the picture of a long page takes less.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one window. It ends with this value.
pub(super) struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
}

impl Browser {
    /// Starts one; `None` if there is no ChromeDriver.
    pub(super) fn start() -> Result<Option<Browser>, String> {
        let mut command = Command::new("chromedriver");
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = match command.spawn() {
            Ok(driver) => driver,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("chromedriver could not be started: {error}")),
        };
        let port = driver.stdout.take().and_then(|out| {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            lines.into_iter().find_map(|line| port(&line))
        });
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).http_status_as_error(false);
        let mut browser = Browser { driver, agent: config.build().into(), session: String::new() };
        let port = port.ok_or("chromedriver did not say its port")?;
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {"args": ARGUMENTS}}}});
        browser.session = format!("http://127.0.0.1:{port}/session");
        let made = browser.post("", &wanted)?;
        let id = made["sessionId"].as_str().ok_or("chromedriver made no session")?;
        browser.session = format!("{}/{id}", browser.session);
        Ok(Some(browser))
    }

    /// Opens an address.
    pub(super) fn open(&self, address: &str) -> Result<(), String> {
        self.post("/url", &json!({"url": address})).map(drop)
    }

    /// Runs the body of a function in the page, and waits for its promise.
    pub(super) fn ask(&self, script: &str) -> Result<Value, String> {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Sends a command of Chromium's own protocol.
    pub(super) fn command(&self, name: &str, parameters: &Value) -> Result<Value, String> {
        self.post("/goog/cdp/execute", &json!({"cmd": name, "params": parameters}))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        let failed = |what: &dyn std::fmt::Display| format!("the browser failed at {path:?}: {what}");
        let sent = self.agent.post(format!("{}{path}", self.session)).content_type("application/json");
        let mut answer = sent.send(body.to_string()).map_err(|error| failed(&error))?;
        // A picture of a long page is larger than what is read by default.
        let text = answer.body_mut().with_config().limit(1 << 28).read_to_string();
        let answer: Value =
            serde_json::from_str(&text.map_err(|error| failed(&error))?).map_err(|error| failed(&error))?;
        match answer["value"]["error"].as_str() {
            Some(error) => Err(failed(&format!("{error}: {}", answer["value"]["message"]))),
            None => Ok(answer["value"].clone()),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Chromium ends with its session; without one, the driver has not started it.
        let _already_gone = self.agent.delete(&self.session).call();
        let _already_gone = self.driver.kill();
        let _already_gone = self.driver.wait();
    }
}

/// The port in the line with which ChromeDriver reports that it is ready.
fn port(line: &str) -> Option<u16> {
    line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read() {
        assert_eq!(port("ChromeDriver was started successfully on port 40123."), Some(40123));
        assert_eq!(port("Starting ChromeDriver 156.0 on port 0"), None);
    }
}
