//! Arrays from NumPy archives, which `numpy.savez` and `numpy.savez_compressed` write.

use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::RecordError;
use crate::npy_read::{NpyArray, decode};

/// The ending of an array's name in the archive.
const END: &str = ".npy";

/// Reads the array of this name from the bytes of an archive, or its only one.
///
/// # Errors
/// What is no such archive, an array that is not there or cannot be read, and several arrays where none is named.
pub fn npz_of(path: &Path, bytes: &[u8], name: Option<&str>) -> Result<NpyArray, RecordError> {
    find(bytes, name).map_err(|why| RecordError::NotAnArray { path: path.to_owned(), why })
}

fn find(bytes: &[u8], name: Option<&str>) -> Result<NpyArray, String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| "it is no .npz file")?;
    let members: Vec<String> = archive.file_names().flatten().map(|name| name.into_owned()).collect();
    let names: Vec<String> =
        members.iter().filter_map(|name| name.strip_suffix(END)).map(str::to_owned).collect();
    let known = names.join(", ");
    let wanted = match (name, names.as_slice()) {
        (_, []) => return Err("it holds no array".to_owned()),
        (Some(name), _) if !names.iter().any(|known| known == name) => {
            return Err(format!("it holds no array {name}, but {known}"));
        }
        (Some(name), _) => name,
        (None, [only]) => only,
        (None, _) => {
            return Err(format!("it holds several arrays; name one of {known}, as in FILE.npz:{}", names[0]));
        }
    };
    let member =
        archive.by_name(&format!("{wanted}{END}")).map_err(|error| format!("its array {wanted}: {error}"))?;
    unpacked(member).and_then(|bytes| decode(&bytes)).map_err(|why| format!("its array {wanted}: {why}"))
}

/// The bytes of a member, checked by their sum.
fn unpacked(mut member: ZipFile<'_, Cursor<&[u8]>>) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    member.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::CompressionMethod::{Deflated, Stored};
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::{NpyData, NpyNumbers, write_npy};

    /// An archive of arrays of one number each.
    fn archive(arrays: &[(&str, f32)], packed: bool) -> Vec<u8> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("a.npy");
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let method = if packed { Deflated } else { Stored };
        for (name, number) in arrays {
            write_npy(&path, &[1, 40], NpyData::F32(&[*number; 40])).unwrap();
            zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            zip.write_all(&std::fs::read(&path).unwrap()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn check(bytes: &[u8], name: Option<&str>, expected: Result<f32, &str>) {
        let found = find(bytes, name).map(|array| {
            assert_eq!(array.shape, [1, 40]);
            array.numbers
        });
        match expected {
            Ok(number) => assert_eq!(found, Ok(NpyNumbers::Floats(vec![number; 40]))),
            Err(why) => assert_eq!(found, Err(why.to_owned())),
        }
    }

    #[test]
    fn the_only_array_or_the_named_one_is_read() {
        for packed in [false, true] {
            check(&archive(&[("arr_0.npy", 2.0)], packed), None, Ok(2.0));
            let two = archive(&[("mu.npy", 1.0), ("sigma.npy", 3.0), ("notes.txt", 0.0)], packed);
            check(&two, Some("sigma"), Ok(3.0));
            check(&two, None, Err("it holds several arrays; name one of mu, sigma, as in FILE.npz:mu"));
            check(&two, Some("notes"), Err("it holds no array notes, but mu, sigma"));
        }
    }

    #[test]
    fn damage_is_found() {
        check(b"PK\x03\x04", None, Err("it is no .npz file"));
        check(&archive(&[], false), None, Err("it holds no array"));
        let mut bytes = archive(&[("a.npy", 1.0)], false);
        let body = bytes.windows(4).position(|four| four == 1.0f32.to_le_bytes()).unwrap();
        bytes[body] ^= 1;
        check(&bytes, None, Err("its array a: Invalid checksum"));
        bytes.truncate(bytes.len() / 2);
        check(&bytes, None, Err("it is no .npz file"));
    }
}
