//! Keeping decoded images between runs.

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
