//! Which files scripts may use.

use crate::support::program::Folder;
use std::fs;
use std::path::{Path, PathBuf};
use vitally_script::files::Place;

/// The project folder, and a folder beside it with a file.
fn project() -> (Folder, PathBuf, PathBuf) {
    let folder = Folder::new();
    let root = folder.path().canonicalize().unwrap();
    let outside = root.parent().unwrap().join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("x.csv"), "name\nAcme\n").unwrap();
    (folder, root, outside)
}

#[track_caller]
fn refused(place: &Place, path: &str, message: &str) {
    let trouble = place.find(path).unwrap_err();
    assert_eq!(trouble.kind, "refused", "{path}");
    let help = trouble.message.help.unwrap_or_default();
    assert_eq!(format!("{}\n{help}", trouble.message.text), message, "{path}");
}

#[test]
fn files_of_the_project() {
    let (folder, root, _) = project();
    folder.write("data/a.csv", "name\n");
    let place = Place::new(&root);
    let found = |path: &str| place.find(path).unwrap();
    assert_eq!(found("data/a.csv"), root.join("data/a.csv"));
    assert_eq!(found("./data/../data/a.csv"), root.join("data/a.csv"));
    assert_eq!(found("new/deep/b.csv"), root.join("new/deep/b.csv"));
    assert_eq!(found(&root.join("data/a.csv").display().to_string()), root.join("data/a.csv"));
    assert_eq!(found("."), root);
}

#[test]
fn nothing_leads_out_of_it() {
    let (_folder, root, outside) = project();
    let place = Place::new(&root);
    let absolute = outside.join("x.csv").display().to_string();
    for (path, beside) in [
        ("../outside/x.csv", outside.display().to_string()),
        (absolute.as_str(), outside.display().to_string()),
        ("/etc/passwd", "/etc".to_string()),
        ("new/../../outside/x.csv", "DIR".to_string()),
        ("new/../b.csv", "DIR".to_string()),
        ("../none/x.csv", "DIR".to_string()),
    ] {
        let message = format!(
            "{path} is outside the project folder {}, and scripts may not use it\n\
             move the file into the project folder, or allow its folder with --allow-fs {beside}",
            root.display()
        );
        refused(&place, path, &message);
    }
    assert_eq!(place.find(" ").unwrap_err().message.text, "the name of the file is empty");
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_it() {
    use std::os::unix::fs::symlink;
    let (_folder, root, outside) = project();
    symlink(outside.join("x.csv"), root.join("file.csv")).unwrap();
    symlink(&outside, root.join("folder")).unwrap();
    symlink(outside.join("not-there.csv"), root.join("dangling.csv")).unwrap();
    let place = Place::new(&root);
    for path in ["file.csv", "folder/x.csv", "folder/new.csv", "dangling.csv"] {
        assert_eq!(place.find(path).unwrap_err().kind, "refused", "{path}");
    }
    fs::write(root.join("real.csv"), "").unwrap();
    symlink(root.join("real.csv"), root.join("inside.csv")).unwrap();
    assert_eq!(place.find("inside.csv").unwrap(), root.join("real.csv"));
}

#[test]
fn what_holds_keys_is_closed() {
    let (folder, root, outside) = project();
    for name in [".env", "vitally.toml", "sub/.ENV", "keys/eu.txt"] {
        folder.write(name, "");
    }
    let mut place = Place::new(&root);
    place.allow(&outside).unwrap();
    place.close(Path::new("keys"));
    place.close(Path::new("."));
    for path in [".env", "vitally.toml", "sub/.ENV", "keys/eu.txt", "keys/new.txt"] {
        let message = format!(
            "{path} holds settings or keys, and scripts may not use it\n\
             read a setting with env(\"NAME\"), and change the file in an editor"
        );
        refused(&place, path, &message);
    }
    assert_eq!(place.find("a.csv").unwrap(), root.join("a.csv"), "the project itself stays open");
}

#[test]
fn a_folder_can_be_allowed() {
    let (folder, root, outside) = project();
    let code = "print(read_csv(\"../outside/x.csv\")[0].name); write_csv(\"../outside/y.csv\", [#{ a: 1 }])";
    let ended = folder.run(&["eval", "--demo", "-q", code]);
    ended.is(
        8,
        "",
        &format!(
            "error: ../outside/x.csv is outside the project folder {}, and scripts may not use it\n --> eval:1:7\n  \
             |\n1 | {code}\n  |       ^^^^^^^^\n  |\n  = help: move the file into the project folder, or allow \
             its folder with --allow-fs {}\n",
            root.display(),
            outside.display()
        ),
    );
    folder.run(&["eval", "--demo", "-q", "--allow-fs", "../outside", code]).is(0, "Acme\n1\n", "");
    assert_eq!(fs::read_to_string(outside.join("y.csv")).unwrap(), "a\n1\n");
    folder.run(&["eval", "--demo", "-q", "--allow-fs", "../none", "1"]).is(
        2,
        "",
        "error: the folder ../none cannot be used: there is no such file or folder\n\
         help: --allow-fs names a folder that exists\n",
    );
    folder.run(&["eval", "--demo", "-q", "--allow-fs", "../outside/x.csv", "1"]).is(
        2,
        "",
        "error: ../outside/x.csv is a file, not a folder\nhelp: --allow-fs names a folder that exists\n",
    );
}

#[test]
fn every_write_goes_through_one_function() {
    let mut writers = Vec::new();
    let mut folders = vec![PathBuf::from("src/script"), PathBuf::from("src/files")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if ["File::create", "OpenOptions", " fs::write(", "fs::rename("]
                .iter()
                .any(|word| fs::read_to_string(&path).unwrap().contains(word))
            {
                writers.push(path);
            }
        }
    }
    assert_eq!(writers, [PathBuf::from("src/files/write.rs")]);
}

#[test]
fn paths_begin_at_the_project_folder() {
    let folder = Folder::new();
    folder.write("vitally.toml", "");
    folder.write("data/a.csv", "name\nAcme\n");
    folder.write("sub/b.csv", "");
    let mut command = folder.command(&["eval", "--demo", "-q", "read_csv(\"data/a.csv\")[0].name"]);
    let output = command.current_dir(folder.path().join("sub")).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "Acme\n",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_key_file_of_every_profile_is_closed() {
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        "default_profile = \"us\"\n[profile.us]\nsubdomain = \"acme\"\napi_key_file = \"us.key\"\n\
         [profile.eu]\nregion = \"eu\"\napi_key_file = \"eu.key\"\n",
    );
    for name in ["us.key", "eu.key"] {
        let key = folder.write(name, "sk_live_0123456789abcdef0123456789abcdef\n");
        #[cfg(unix)]
        fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let _ = key;
    }
    for name in ["us.key", "eu.key"] {
        let code = format!("read_csv(\"{name}\")");
        let ended = folder.run(&["eval", "-q", &code]);
        let message = format!("error: {name} holds settings or keys, and scripts may not use it\n");
        assert_eq!((ended.code, ended.stderr.starts_with(&message)), (8, true), "{}", ended.stderr);
    }
}
