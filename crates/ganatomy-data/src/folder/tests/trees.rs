//! Trees of folders, and the classes they give.

use super::*;

/// A folder with these images, all different.
fn tree(names: &[&str]) -> Case {
    let case = Case::new();
    for (i, name) in names.iter().enumerate() {
        save(flag(20 + i as u32, 20), &case.images, &format!("{name}.png"), ImageFormat::Png);
    }
    case
}

/// Classes with their numbers of images, and the notes.
fn classes(case: &Case) -> (Vec<(String, u64)>, Vec<String>) {
    let recorded = Recorded::default();
    let summary = case.build_recorded("labels = true\nsize = 8", &recorded).unwrap().summary();
    let counts = summary.class_names.into_iter().zip(summary.class_items).collect();
    (counts, recorded.notes.into_inner().unwrap())
}

#[test]
fn folders_of_the_system_are_no_classes() {
    let case = tree(&[
        "cat/1",
        "cat/2",
        "dog/1",
        "__MACOSX/cat/1",
        "@eaDir/dog/1",
        ".thumbnails/1",
        "dog/__MACOSX/2",
    ]);
    let (found, notes) = classes(&case);
    assert_eq!((found, notes), (vec![("cat".to_owned(), 2), ("dog".to_owned(), 1)], vec![]));
    let left_out = case.build("labels = true\nsize = 8").unwrap().summary().files.unwrap().left_out;
    let left_out: Vec<(&str, u64)> = left_out.iter().map(|(what, n)| (what.as_str(), *n)).collect();
    assert_eq!(left_out, [("folder @eaDir", 1), ("folder __MACOSX", 2)]);
}

#[test]
fn parts_of_a_set_are_no_classes() {
    let case = tree(&["train/cat/1", "train/dog/1", "val/cat/1", "val/dog/1", "Test/cat/2"]);
    case.check(
        "labels = true",
        &["(Test, train, val) are called like parts of one set", "such as --data", "/train, or set"],
    );
    // Without labels they are trained on, with a word.
    let recorded = Recorded::default();
    assert_eq!(case.build_recorded("size = 8", &recorded).unwrap().n_items(), Some(5));
    let notes = recorded.notes.into_inner().unwrap();
    assert!(notes[0].starts_with("the images of Test, train, val are all trained on"), "{notes:?}");
    // What is called so beside other things is a class.
    let (found, notes) = classes(&tree(&["train/1", "bus/1"]));
    assert_eq!((found, notes), (vec![("bus".to_owned(), 1), ("train".to_owned(), 1)], vec![]));
    let inside = tree(&["photos/cat/1", "photos/dog/1"]);
    inside.check("labels = true", &["has one sub-folder with images", "name ", "/photos itself, or set"]);
    let (found, notes) = classes(&tree(&["day/cat/1", "day/dog/1", "night/cat/1", "night/dog/1"]));
    assert_eq!(found.len(), 2);
    assert_eq!(notes, ["the classes are day, night, though each holds cat, dog"]);
}

#[test]
fn a_class_without_images_is_said() {
    let case = tree(&["cat/1", "dog/1", "dog/2"]);
    fs::create_dir(case.images.path().join("empty")).unwrap();
    fs::create_dir(case.images.path().join("owl")).unwrap();
    fs::write(case.images.path().join("owl/1.heic"), "other").unwrap();
    let (found, notes) = classes(&case);
    assert_eq!(found, [("cat".to_owned(), 1), ("dog".to_owned(), 2)]);
    assert!(notes[1] == "empty, owl holds no image that is read, and so is no class", "{notes:?}");
    // One whose every image is damaged would be drawn never, and still have a number.
    fs::write(case.images.path().join("cat/1.png"), "rubbish").unwrap();
    let error = case.build("labels = true\nskip_unreadable = true").err().unwrap();
    assert!(error.starts_with("no image of the class ") && error.contains("/cat can be read"), "{error}");
    assert_eq!(case.build("skip_unreadable = true").unwrap().n_items(), Some(2));
}

#[test]
fn labels_that_are_only_wished_for_are_done_without() {
    let read = |case: &Case| {
        let recorded = Recorded::default();
        let text = "labels = true\nsize = 8\nskip_unreadable = true";
        let spec = ganatomy_record::RunSpec::parse(text, "test").unwrap();
        let folder = FolderSpec { labels_if_any: true, ..FolderSpec::read(&mut spec.root()).unwrap() };
        let data_dir = Some(case.images.path().to_owned());
        let context = DataContext { data_dir, progress: &recorded, ..DataContext::default() };
        let summary = crate::DataSpec::build(&folder, &context).unwrap().summary();
        (summary.class_names.len(), summary.n_items, recorded.notes.into_inner().unwrap())
    };
    let case = tree(&["cat/1", "dog/1", "dog/2"]);
    assert_eq!(read(&case), (2, Some(3), vec![]));
    // The folder is read once, so that what is left out is said once.
    fs::write(case.images.path().join("cat/1.png"), "rubbish").unwrap();
    let (n_classes, n, notes) = read(&case);
    assert_eq!((n_classes, n, notes.len()), (0, Some(2), 1), "{notes:?}");
    assert!(notes[0].contains("left out") && notes[0].contains("cat/1.png"), "{notes:?}");
    assert_eq!(read(&tree(&["1", "2", "cat/3"])).0, 0);
    assert_eq!(read(&tree(&["cat/1", "cat/2"])).0, 0);
}

#[test]
fn equal_images_are_counted() {
    let case = Case::new();
    (0..8).for_each(|i| save(flag(20, 20), &case.images, &format!("{i}.png"), ImageFormat::Png));
    let summary = case.build("size = 8").unwrap().summary();
    assert_eq!((summary.n_items, summary.n_duplicates), (Some(8), 7));
    let different = Case::new();
    (0..8).for_each(|i| {
        save(
            RgbImage::from_pixel(9, 9, Rgb([i; 3])),
            &different.images,
            &format!("{i}.png"),
            ImageFormat::Png,
        )
    });
    assert_eq!(different.build("size = 8").unwrap().summary().n_duplicates, 0);
}
