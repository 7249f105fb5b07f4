//! Whom secure connections trust: mail servers, Vitally and the hosts of scripts are all looked at in the same way.
//! `SSL_CERT_FILE` says whom the system trusts.

use crate::support::authority::Authority;
use crate::support::program::{Ended, Folder};
use crate::support::secure::Web;
use crate::support::smtp::Smtp;

const PASSWORD: &str = "s3cr3t-Pa55phrase";
const MAIL: &str =
    "print(email(#{ to: \"dana@example.com\", subject: \"Weekly\", text: \"3 accounts renew\" }))";

/// A project whose mails leave through a server at `host`.
fn project(server: &Smtp, host: &str, security: &str) -> Folder {
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        format!(
            "[email]\nserver = \"{host}\"\nport = {}\nsecurity = \"{security}\"\nfrom = \"ops@example.com\"\n\
             allow = [\"@example.com\"]\nuser = \"ops\"\npassword_env = \"SMTP_PASSWORD\"\n",
            server.port
        ),
    );
    folder.write(".env", format!("SMTP_PASSWORD={PASSWORD}\n"));
    folder
}

/// Runs a piece of script on a computer that trusts this authority.
fn eval(folder: &Folder, trusted: &Authority, code: &str, more: &[(&str, &str)]) -> Ended {
    let file = folder.write("authority.pem", trusted.pem());
    let file = file.canonicalize().unwrap();
    let mut variables = vec![("SSL_CERT_FILE", file.to_str().unwrap())];
    variables.extend(more);
    folder.run_with(&["eval", "--color", "never", code], &variables, "")
}

#[track_caller]
fn arrived_encrypted(server: &Smtp, ended: &Ended) {
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "true\n"), "{}", ended.stderr);
    let mail = server.arrived().pop().unwrap();
    assert!(mail.text.contains("Subject: Weekly") && mail.text.contains("3 accounts renew"), "{}", mail.text);
    for command in ["AUTH PLAIN", "MAIL FROM:<ops@example.com>", "RCPT TO:<dana@example.com>", "DATA"] {
        assert!(
            mail.encrypted.iter().any(|line| line.starts_with(command)),
            "{command}: {:?}",
            mail.encrypted
        );
    }
}

#[test]
fn a_mail_leaves_encrypted_from_the_first_byte() {
    let authority = Authority::new();
    let server = Smtp::tls(authority.server("localhost"));
    let ended = eval(&project(&server, "localhost", "tls"), &authority, MAIL, &[]);
    arrived_encrypted(&server, &ended);
}

#[test]
fn a_mail_leaves_encrypted_after_a_greeting() {
    let authority = Authority::new();
    let server = Smtp::starttls(authority.server("localhost"), &[]);
    let ended = eval(&project(&server, "localhost", "starttls"), &authority, MAIL, &[]);
    arrived_encrypted(&server, &ended);
    let plain = server.arrived()[0].commands.len() - server.arrived()[0].encrypted.len();
    assert_eq!(plain, 2, "only EHLO and STARTTLS come before: {:?}", server.arrived()[0].commands);
}

#[test]
fn a_mail_server_that_is_not_trusted_gets_nothing() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let cases = [
        (stranger.server("localhost"), "localhost", "this computer does not trust its certificate"),
        (authority.server("localhost"), "127.0.0.1", "its certificate is for another name"),
        (authority.expired("localhost"), "localhost", "its certificate has expired"),
    ];
    for (config, host, words) in cases {
        for security in ["tls", "starttls"] {
            let server = match security {
                "tls" => Smtp::tls(config.clone()),
                _ => Smtp::starttls(config.clone(), &[]),
            };
            let ended = eval(&project(&server, host, security), &authority, MAIL, &[]);
            assert_eq!(ended.code, 7, "{}", ended.stderr);
            let said = format!(
                "the secure connection to {host}:{} could not be made: {words}; nothing was sent",
                server.port
            );
            assert!(ended.stderr.contains(&said), "{said}: {}", ended.stderr);
            assert!(ended.stderr.contains("must be installed on this computer"), "{}", ended.stderr);
            for mail in server.arrived() {
                assert_eq!(mail.encrypted, Vec::<String>::new());
                let plain = |line: &String| line.starts_with("EHLO") || line == "STARTTLS";
                assert!(mail.commands.iter().all(plain), "{:?}", mail.commands);
            }
        }
    }
}

#[test]
fn a_mail_server_without_encryption_does_not_get_the_password() {
    let authority = Authority::new();
    let taken_away = Smtp::refusing(&[]);
    let refused = Smtp::starttls(authority.server("localhost"), &[("STARTTLS", "454 not now")]);
    for (server, words) in [
        (taken_away, "localhost does not encrypt, and nothing was sent"),
        (refused, "cannot be reached: not now"),
    ] {
        let ended = eval(&project(&server, "localhost", "starttls"), &authority, MAIL, &[]);
        assert_ne!(ended.code, 0);
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        let commands = server.arrived()[0].commands.join("\n");
        assert!(!commands.contains("AUTH") && !commands.contains("MAIL"), "{commands}");
        assert!(!ended.stderr.contains(PASSWORD), "{}", ended.stderr);
    }
}

#[test]
fn the_wrong_kind_of_encryption_says_which_port_goes_with_which() {
    let authority = Authority::new();
    let server = Smtp::starttls(authority.server("localhost"), &[]);
    let ended = eval(&project(&server, "localhost", "tls"), &authority, MAIL, &[]);
    assert!(ended.stderr.contains("it does not speak TLS; nothing was sent"), "{}", ended.stderr);
    assert!(ended.stderr.contains("465 goes with \"tls\", 587 with \"starttls\""), "{}", ended.stderr);
    // The other way round both sides wait for the other to begin.
    let server = Smtp::tls(authority.server("localhost"));
    let folder = project(&server, "localhost", "starttls");
    folder.write("vitally.toml", folder.read("vitally.toml") + "timeout = \"1s\"\n");
    let ended = eval(&folder, &authority, MAIL, &[]);
    assert!(ended.stderr.contains("did not answer; nothing was sent"), "{}", ended.stderr);
    assert!(ended.stderr.contains("465 goes with \"tls\", 587 with \"starttls\""), "{}", ended.stderr);
}

#[test]
fn vitally_must_prove_who_it_is_before_it_gets_the_key() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let folder = Folder::new();
    let ask = |server: &Web| {
        let address = format!("https://localhost:{}", server.port);
        let variables = [("VITALLY_API_KEY", "sk_live_x"), ("VITALLY_BASE_URL", address.as_str())];
        eval(&folder, &authority, "print(accounts().len())", &variables)
    };
    let known = Web::answering(authority.server("localhost"), "{\"results\": [], \"next\": null}");
    let ended = ask(&known);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "0\n"), "{}", ended.stderr);
    for (config, words) in [
        (stranger.server("localhost"), "this computer does not trust its certificate"),
        (authority.server("vitally.example"), "its certificate is for another name"),
        (authority.expired("localhost"), "its certificate has expired"),
    ] {
        let server = Web::answering(config, "{}");
        let ended = ask(&server);
        assert_eq!(ended.code, 7, "{}", ended.stderr);
        assert!(ended.stderr.contains(words), "{words}: {}", ended.stderr);
        assert_eq!(server.requests(), 0);
    }
}

#[test]
fn hosts_of_scripts_must_prove_who_they_are() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let ask = |server: &Web, code: &str| {
        let folder = Folder::new();
        folder.write("vitally.toml", format!("[http]\nallow = [\"localhost:{}\"]\n", server.port));
        let code = code.replace("AT", &format!("\"https://localhost:{}/x\"", server.port));
        eval(&folder, &authority, &code, &[])
    };
    let known = Web::answering(authority.server("localhost"), "{\"plan\": \"Pro\"}");
    let ended = ask(&known, "print(http_get(AT).json.plan)");
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "Pro\n"), "{}", ended.stderr);
    for (config, words) in [
        (stranger.server("localhost"), "this computer does not trust its certificate"),
        (authority.server("other.example"), "its certificate is for another name"),
        (authority.expired("localhost"), "its certificate has expired"),
    ] {
        let server = Web::answering(config, "{}");
        // What was refused before anything was sent was not done: a post is no different from a read.
        for call in ["http_get(AT)", "http_post(AT, #{})"] {
            let code = format!("let t = attempt(|| {call}); print(t.error.kind + \": \" + t.error.message)");
            let ended = ask(&server, &code);
            let said = format!(
                "network: the secure connection to localhost:{} could not be made: {words}",
                server.port
            );
            assert!(ended.stdout.starts_with(&said), "{said}: {}{}", ended.stdout, ended.stderr);
        }
        assert_eq!(server.requests(), 0);
    }
}
