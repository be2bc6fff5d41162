//! A small web server with prepared answers.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What the server does with one request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    /// The whole text, whatever range is asked for.
    Whole(&'static str),
    /// The part of the text that is asked for.
    Rest(&'static str),
    /// Promises the alphabet's 26 bytes, sends these and hangs up.
    Cut(&'static str),
    /// No text but this status.
    Status(u16),
    /// Hangs up at once.
    Silent,
}

/// A server on a free port.
pub(super) struct Server {
    pub(super) url: String,
    stop: Arc<AtomicBool>,
    address: std::net::SocketAddr,
    thread: JoinHandle<Vec<Option<String>>>,
}

impl Server {
    /// Gives these answers in turn, and 500 after the last.
    pub(super) fn start(answers: &[Answer]) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let (answers, stopped) = (answers.to_vec(), stop.clone());
        let thread = std::thread::spawn(move || {
            let mut asked = Vec::new();
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let mut stream = stream.unwrap();
                let range = read_range(&stream);
                let answer = answers.get(asked.len()).copied().unwrap_or(Answer::Status(500));
                give(&mut stream, answer, range.as_deref());
                asked.push(range);
            }
            asked
        });
        Server { url: format!("http://{address}/data/"), stop, address, thread }
    }

    /// Stops the server; gives the range that each request asked for.
    pub(super) fn finish(self) -> Vec<Option<String>> {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.thread.join().unwrap()
    }
}

fn read_range(stream: &TcpStream) -> Option<String> {
    let lines = BufReader::new(stream).lines().map(Result::unwrap).take_while(|line| !line.is_empty());
    let lines: Vec<String> = lines.collect();
    assert!(lines[0].starts_with("GET /data/alphabet.txt "), "{lines:?}");
    let range = lines.iter().find(|line| line.to_ascii_lowercase().starts_with("range:"));
    range.map(|line| line["range:".len()..].trim().to_owned())
}

fn give(stream: &mut TcpStream, answer: Answer, range: Option<&str>) {
    let first = |range: &str| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok();
    let (status, length, extra, body) = match answer {
        Answer::Whole(text) => (200, text.len(), String::new(), text),
        Answer::Cut(text) => (200, 26, String::new(), text),
        Answer::Status(status) => (status, 0, String::new(), ""),
        Answer::Silent => return,
        Answer::Rest(text) => {
            let first = range.and_then(first).unwrap();
            let extra = format!("Content-Range: bytes {first}-{}/{}\r\n", text.len() - 1, text.len());
            (206, text.len() - first, extra, &text[first..])
        }
    };
    let head =
        format!("HTTP/1.1 {status} Status\r\nContent-Length: {length}\r\nConnection: close\r\n{extra}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body.as_bytes()).unwrap();
}
