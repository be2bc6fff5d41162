//! Keeping decoded images between runs.

use std::sync::atomic::{AtomicBool, Ordering};

use super::super::cache::Cache;
use super::super::listing::Listing;
use super::super::picture::{Look, Reading};
use super::*;

#[test]
fn the_cache_is_used_and_a_damaged_one_rebuilt() {
    let case = Case::good();
    let fresh = case.build("").unwrap();
    let files: Vec<_> = fs::read_dir(case.cache.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    let bytes = fs::read(&files[0]).unwrap();
    let decodes = |case: &Case| {
        let recorded = Recorded::default();
        let set = case.build_recorded("", &recorded).unwrap();
        assert_eq!((all(&*set), set.fingerprint()), (all(&*fresh), fresh.fingerprint()));
        !recorded.steps.into_inner().unwrap().is_empty()
    };
    assert!(!decodes(&case));
    let flipped: Vec<u8> = bytes.iter().enumerate().map(|(i, b)| if i == 100 { b ^ 1 } else { *b }).collect();
    for damaged in [&bytes[..50], &bytes[..bytes.len() - 1], &flipped, &[], &[0; 300]] {
        fs::write(&files[0], damaged).unwrap();
        assert!(decodes(&case));
        assert_eq!(fs::read(&files[0]).unwrap(), bytes);
    }
    save(flag(64, 64), &case.images, "a/more.png", ImageFormat::Png);
    assert_eq!(case.build("").unwrap().n_items(), Some(3));
}

#[test]
fn a_replaced_file_of_the_same_size_and_time_is_seen() {
    let case = Case::new();
    for (name, side) in [("a", 10), ("b", 20)] {
        save(flag(side, side), &case.images, &format!("{name}.bmp"), ImageFormat::Bmp);
    }
    let path = |name: &str| case.images.path().join(name);
    let before = case.build("size = 8").unwrap().fingerprint();
    let time = fs::metadata(path("a.bmp")).unwrap().modified().unwrap();
    // A BMP's length is that of its pixels: the other picture is as long.
    save(image::imageops::flip_vertical(&flag(10, 10)), &case.images, "a.bmp", ImageFormat::Bmp);
    fs::File::options().write(true).open(path("a.bmp")).unwrap().set_modified(time).unwrap();
    assert_ne!(case.build("size = 8").unwrap().fingerprint(), before);
    // So is one moved into the place of another.
    let before = case.build("size = 8").unwrap().fingerprint();
    save(flag(10, 10), &case.cache, "other.bmp", ImageFormat::Bmp);
    fs::File::options()
        .write(true)
        .open(case.cache.path().join("other.bmp"))
        .unwrap()
        .set_modified(time)
        .unwrap();
    fs::rename(case.cache.path().join("other.bmp"), path("a.bmp")).unwrap();
    assert_ne!(case.build("size = 8").unwrap().fingerprint(), before);
}

/// The set of good images, in memory only where it is at most `in_memory` bytes.
fn within(
    case: &Case,
    options: &str,
    in_memory: usize,
    progress: &dyn Progress,
) -> Result<Box<dyn Dataset>, String> {
    let spec = RunSpec::parse(&format!("[data]\n{options}"), "test").unwrap();
    let mut root = spec.root();
    let folder = FolderSpec::read(&mut root.table("data", "").unwrap()).unwrap();
    let (data_dir, cache_dir) = (Some(case.images.path().to_owned()), case.cache.path().to_owned());
    let context = DataContext { data_dir, cache_dir, threads: 2, progress };
    folder.build_within(in_memory, &context).map_err(|e| message(&e))
}

#[test]
fn a_mapped_set_is_the_same_set() {
    let options = "labels = true\nheld_out = 0.25\nskip_unreadable = true\nsize = 16\nflip = true";
    let case = Case::good();
    for i in 0..6 {
        save(flag(30 + i, 30), &case.images, &format!("a/{i}.png"), ImageFormat::Png);
    }
    fs::write(case.images.path().join("a/3x.png"), "rubbish").unwrap();
    let look = |set: &dyn Dataset| {
        let held_out = set.held_out().unwrap();
        (all(set), all(&*held_out), set.fingerprint(), held_out.fingerprint(), set.summary())
    };
    let owned = within(&case, options, usize::MAX, &Silent).unwrap();
    for round in 0..3 {
        // Decoded into a file, then found there, then decoded again in the place of a damaged one.
        let recorded = Recorded::default();
        if round != 1 {
            for entry in fs::read_dir(case.cache.path()).unwrap() {
                let path = entry.unwrap().path();
                let damaged: Vec<u8> = fs::read(&path).unwrap().iter().map(|byte| byte ^ 1).collect();
                fs::write(path, damaged).unwrap();
            }
        }
        let mapped = within(&case, options, 0, &recorded).unwrap();
        assert_eq!(look(&*mapped), look(&*owned), "round {round}");
        assert_eq!(recorded.steps.into_inner().unwrap().is_empty(), round == 1, "round {round}");
    }
    // What is in the file serves both.
    let recorded = Recorded::default();
    assert_eq!(look(&*within(&case, options, usize::MAX, &recorded).unwrap()), look(&*owned));
    assert!(recorded.steps.into_inner().unwrap().is_empty());
    assert_eq!(fs::read_dir(case.cache.path()).unwrap().count(), 1);
}

#[test]
fn a_large_set_without_room_is_refused_in_a_sentence() {
    let case = Case::good();
    let blocked = case.cache.path().join("file");
    fs::write(&blocked, "in the way").unwrap();
    let context = |cache: &Path| DataContext {
        data_dir: Some(case.images.path().to_owned()),
        cache_dir: cache.to_owned(),
        threads: 1,
        progress: &Silent,
    };
    let spec = RunSpec::parse("[data]\nsize = 512", "test").unwrap();
    let folder = FolderSpec::read(&mut spec.root().table("data", "").unwrap()).unwrap();
    let error = folder.build_within(0, &context(&blocked.join("cache"))).err().unwrap();
    let text = message(&error);
    assert!(text.starts_with("the 2 decoded images take 0.0 GB, and cannot be kept in "), "{text}");
    assert!(text.contains("GANATOMY_CACHE") && std::error::Error::source(&error).is_some(), "{text}");
    // Images that are no images end the work before anything is kept.
    fs::write(case.images.path().join("c.png"), "rubbish").unwrap();
    fs::remove_file(&blocked).unwrap();
    assert!(folder.build_within(0, &context(case.cache.path())).is_err());
    assert_eq!(fs::read_dir(case.cache.path()).unwrap().count(), 0, "something was left behind");
}

#[test]
fn what_a_killed_process_left_is_swept() {
    let case = Case::good();
    let (orphan, busy) =
        (case.cache.path().join(".unfinished-folder-a"), case.cache.path().join(".unfinished-folder-b"));
    fs::write(&orphan, "half").unwrap();
    let writer = fs::File::create(&busy).unwrap();
    writer.try_lock().unwrap();
    case.build("").unwrap();
    assert_eq!((orphan.exists(), busy.exists()), (false, true));
}

#[test]
fn sweeping_leaves_a_file_that_another_begins_meanwhile() {
    let case = Case::good();
    let listing = Listing::read(case.images.path()).unwrap();
    let look = Look { size: 8, channels: 3, background: [255; 3], filter: Filter::Lanczos };
    let reading = Reading { max_pixels: 1 << 20, bits: 0 };
    let cache = || Cache::new(case.cache.path(), &listing, &look, reading, false);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                cache().sweep();
            }
        });
        let swept = (0..500).filter(|_| {
            let begun = cache().begin().unwrap();
            let there = fs::read_dir(case.cache.path()).unwrap().count();
            drop(begun);
            there == 0
        });
        let swept = swept.count();
        done.store(true, Ordering::Relaxed);
        assert_eq!(swept, 0, "of 500");
    });
}

#[test]
fn without_a_cache_folder_there_is_a_note() {
    let case = Case::good();
    let blocked = case.cache.path().join("file");
    fs::write(&blocked, "in the way").unwrap();
    let recorded = Recorded::default();
    build_in("folder", "", Some(case.images.path()), &blocked.join("cache"), &recorded).unwrap();
    assert!(recorded.notes.into_inner().unwrap()[0].starts_with("decoded images are not kept in"));
    let steps = recorded.steps.into_inner().unwrap();
    assert_eq!(steps.iter().map(|step| step.1).max(), Some(2));
}
