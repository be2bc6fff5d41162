//! One request for one file, continued where an earlier one stopped.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ureq::Agent;
use ureq::http::{Response, StatusCode, header};

use super::checksum::sha256_of_file;
use crate::{FetchCause, Progress, SourceFile, Task, Unit};

/// Downloads `url` to `target` by way of `target.part`, which is kept only if a later try can continue it.
pub(super) fn download(
    agent: &Agent,
    url: &str,
    file: &SourceFile,
    target: &Path,
    progress: &dyn Progress,
) -> Result<(), FetchCause> {
    let mut name = OsString::from(target);
    name.push(".part");
    let part = PathBuf::from(name);
    let n_there = fs::metadata(&part).map_or(0, |m| m.len());
    if n_there < file.n_bytes {
        receive(agent, url, file, &part, n_there, progress)?;
    }
    let found = sha256_of_file(&part).map_err(|e| disk(&part, e))?;
    if found != file.sha256 {
        fs::remove_file(&part).map_err(|e| disk(&part, e))?;
        return Err(FetchCause::WrongData { url: url.to_owned(), found, expected: file.sha256.to_owned() });
    }
    progress.advance(task(file), file.n_bytes);
    fs::rename(&part, target).map_err(|e| disk(target, e))
}

fn task(file: &SourceFile) -> Task<'static> {
    Task { name: file.name, unit: Unit::Bytes, total: file.n_bytes }
}

fn disk(file: &Path, source: io::Error) -> FetchCause {
    FetchCause::Disk { file: file.to_owned(), source }
}

/// Asks for the bytes after the first `n_there` and adds them to `part`.
fn receive(
    agent: &Agent,
    url: &str,
    file: &SourceFile,
    part: &Path,
    n_there: u64,
    progress: &dyn Progress,
) -> Result<(), FetchCause> {
    let mut request = agent.get(url);
    if n_there > 0 {
        request = request.header(header::RANGE, format!("bytes={n_there}-"));
    }
    let unreachable = |source| FetchCause::Unreachable { url: url.to_owned(), source: Box::new(source) };
    let mut response = request.call().map_err(unreachable)?;
    let goes_on =
        n_there > 0 && response.status() == StatusCode::PARTIAL_CONTENT && starts_at(&response, n_there);
    if !goes_on && response.status() != StatusCode::OK {
        if matches!(response.status(), StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE)
            && n_there > 0
        {
            // This server cannot continue from here, so the next try starts again.
            fs::remove_file(part).map_err(|e| disk(part, e))?;
        }
        return Err(FetchCause::Status { url: url.to_owned(), status: response.status().as_u16() });
    }
    let mut out = OpenOptions::new();
    let out = if goes_on { out.append(true) } else { out.write(true).truncate(true) };
    let out = out.create(true).open(part).map_err(|e| disk(part, e))?;
    let mut body = response.body_mut().as_reader();
    let n_before = if goes_on { n_there } else { 0 };
    let n_after = copy(&mut body, out, part, n_before, file, progress)?;
    if n_after < file.n_bytes {
        return Err(FetchCause::Cut { url: url.to_owned(), found: n_after, expected: file.n_bytes });
    }
    Ok(())
}

fn starts_at<B>(response: &Response<B>, first: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|value| value.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {first}-")))
}

/// Copies until the body ends, breaks off, or is longer than the file should be; returns the length of `out`.
fn copy(
    body: &mut impl Read,
    mut out: File,
    part: &Path,
    n_before: u64,
    file: &SourceFile,
    progress: &dyn Progress,
) -> Result<u64, FetchCause> {
    let mut n_done = n_before;
    let mut buffer = vec![0; 1 << 16];
    progress.advance(task(file), n_done);
    while n_done <= file.n_bytes {
        // A broken connection counts as one that ended early: what came is kept, and continued later.
        let n = match body.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(n) => n,
        };
        out.write_all(&buffer[..n]).map_err(|e| disk(part, e))?;
        n_done += n as u64;
        progress.advance(task(file), n_done.min(file.n_bytes.saturating_sub(1)));
    }
    out.sync_all().map_err(|e| disk(part, e))?;
    Ok(n_done)
}
