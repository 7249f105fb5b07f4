//! E-mails of scripts, at a mail server on this machine.

use crate::support::program::{Ended, Folder};
use crate::support::smtp::Smtp;

const PASSWORD: &str = "s3cr3t-Pa55phrase";

fn project(server: &Smtp, more: &str) -> Folder {
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        format!(
            "[email]\nserver = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"CS Ops <ops@example.com>\"\n\
             allow = [\"@example.com\", \"sam@example.org\"]\n{more}",
            server.port
        ),
    );
    folder
}

fn eval(folder: &Folder, code: &str, options: &[&str]) -> Ended {
    let words: Vec<&str> =
        ["eval", "--color", "never"].iter().chain(options).copied().chain([code]).collect();
    folder.run(&words)
}

#[test]
fn a_mail_arrives_with_everything_in_it() {
    let server = Smtp::refusing(&[]);
    let folder = project(&server, "user = \"ops\"\npassword_env = \"SMTP_PASSWORD\"\n");
    folder.write(".env", format!("SMTP_PASSWORD={PASSWORD}\n"));
    folder.write("plans.csv", "id\n007\n");
    let code = "print(email(#{ to: [\"Dana Roe <dana@example.com>\", \"sam@example.org\"], cc: \"kim@example.com\", \
                bcc: \"lee@example.com\", reply_to: \"cs@example.com\", subject: \"Häh?\", text: \"Plain ✓\", \
                html: \"<p>Rich</p>\", attach: \"plans.csv\" }))";
    let ended = eval(&folder, code, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "true\n"), "{}", ended.stderr);
    let arrived = server.arrived();
    let mail = &arrived[0];
    for command in [
        "MAIL FROM:<ops@example.com>",
        "RCPT TO:<dana@example.com>",
        "RCPT TO:<sam@example.org>",
        "RCPT TO:<kim@example.com>",
        "RCPT TO:<lee@example.com>",
    ] {
        assert!(mail.commands.iter().any(|line| line.starts_with(command)), "{command}: {:?}", mail.commands);
    }
    for part in [
        "From: \"CS Ops\" <ops@example.com>",
        "Reply-To: cs@example.com",
        "multipart/mixed",
        "multipart/alternative",
        "filename=\"plans.csv\"",
        "<p>Rich</p>",
    ] {
        assert!(mail.text.contains(part), "{part}: {}", mail.text);
    }
    assert!(!mail.text.contains("lee@example.com"), "a blind copy is seen: {}", mail.text);
    assert!(!ended.stdout.contains(PASSWORD) && !ended.stderr.contains(PASSWORD));
}

#[test]
fn a_dry_run_says_what_it_would_send_and_read_only_refuses() {
    let server = Smtp::refusing(&[]);
    let folder = project(&server, "");
    let code = "print(email(#{ to: \"dana@example.com\", subject: \"Weekly\", text: \"x\" }))";
    let dry = eval(&folder, code, &["-n"]);
    assert_eq!((dry.code, dry.stdout.as_str()), (0, "true\n"), "{}", dry.stderr);
    assert!(dry.stderr.contains("would send an e-mail to dana@example.com: Weekly"), "{}", dry.stderr);
    let refused = eval(&folder, code, &["--read-only"]);
    assert_eq!(refused.code, 8, "{}", refused.stderr);
    assert!(refused.stderr.contains("the e-mail was not sent: this run is read-only"), "{}", refused.stderr);
    assert!(server.arrived().is_empty());
}

#[test]
fn only_allowed_addresses_get_mails() {
    let server = Smtp::refusing(&[]);
    let folder = project(&server, "");
    for (field, stranger) in
        [("to", "a@evil.example"), ("cc", "A <a@example.com.evil>"), ("bcc", "other@example.org")]
    {
        let code = format!(
            "let mail = #{{ to: \"dana@example.com\", subject: \"x\", text: \"x\" }}; mail.{field} = \"{stranger}\"; email(mail)"
        );
        let ended = eval(&folder, &code, &[]);
        assert_eq!(ended.code, 8, "{field}: {}", ended.stderr);
        assert!(ended.stderr.contains("scripts may not write to"), "{}", ended.stderr);
    }
    assert!(server.arrived().is_empty());
}

#[test]
fn mistakes_are_explained_before_anything_is_sent() {
    let server = Smtp::refusing(&[]);
    let folder = project(&server, "");
    for (map, words) in [
        ("#{ to: \"dana\", subject: \"x\", text: \"x\" }", "\"dana\" is not an e-mail address"),
        ("#{ to: \"dana@example.com\", text: \"x\" }", "an e-mail needs a subject"),
        ("#{ to: \"dana@example.com\", subject: \"x\" }", "an e-mail needs something in it"),
        ("#{ subject: \"x\", text: \"x\" }", "an e-mail needs somebody it is for"),
        ("#{ to: \"dana@example.com\" } + #{ subjct: \"x\" }", "did you mean \"subject\"?"),
        ("#{ to: 7, subject: \"x\", text: \"x\" }", "\"to\" of an e-mail needs a text"),
        ("#{ to: \"x\\r\\nBcc: y@example.com\", subject: \"x\", text: \"x\" }", "is not an e-mail address"),
        (
            "#{ to: \"dana@example.com\", subject: \"x\", text: \"x\", attach: \"none.csv\" }",
            "there is no file none.csv",
        ),
    ] {
        let ended = eval(&folder, &format!("email({map})"), &[]);
        assert_eq!(ended.code, 1, "{map}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{map}: {}", ended.stderr);
    }
    assert!(server.arrived().is_empty());
    let nowhere = Folder::new();
    let ended = eval(&nowhere, "email(#{ to: \"dana@example.com\", subject: \"x\", text: \"x\" })", &[]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("no mail server is set up"), "{}", ended.stderr);
}

#[test]
fn what_a_server_says_is_told_with_the_right_kind() {
    let kind = "let t = attempt(|| email(#{ to: \"dana@example.com\", subject: \"x\", text: \"x\" })); \
                print(t.error.kind + \": \" + t.error.message)";
    for (answers, words) in [
        (&[("RCPT", "550 no such person")][..], "invalid: 127.0.0.1 refused the e-mail: no such person"),
        (&[("MAIL", "451 try later")][..], "server: 127.0.0.1 takes no e-mail now: try later"),
        (
            &[("DATA", "")][..],
            "maybe_applied: the line to 127.0.0.1 broke off; the e-mail may have been sent",
        ),
        (&[("EHLO", "")][..], "network: the mail server 127.0.0.1:"),
    ] {
        let server = Smtp::refusing(answers);
        let ended = eval(&project(&server, ""), kind, &[]);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        assert!(ended.stdout.starts_with(words), "{words}: {}", ended.stdout);
    }
}

#[test]
fn a_login_that_fails_shows_no_password() {
    let server = Smtp::refusing(&[("AUTH", "535 wrong")]);
    let folder = project(&server, "user = \"ops\"\npassword_env = \"SMTP_PASSWORD\"\n");
    let code = "email(#{ to: \"dana@example.com\", subject: \"x\", text: \"x\" })";
    let missing = eval(&folder, code, &[]);
    assert!(
        missing.stderr.contains("there is no password for the mail server 127.0.0.1"),
        "{}",
        missing.stderr
    );
    folder.write(".env", format!("SMTP_PASSWORD={PASSWORD}\n"));
    let ended = eval(&folder, code, &["-vv"]);
    assert!(ended.stderr.contains("127.0.0.1 did not accept the login: wrong"), "{}", ended.stderr);
    assert!(!ended.stderr.contains(PASSWORD), "{}", ended.stderr);
}

#[test]
fn a_server_that_does_not_encrypt_gets_nothing_where_it_should() {
    let server = Smtp::refusing(&[]);
    let folder = Folder::new();
    folder.write(
        "vitally.toml",
        format!(
            "[email]\nserver = \"127.0.0.1\"\nport = {}\nfrom = \"ops@example.com\"\nallow = [\"*\"]\n",
            server.port
        ),
    );
    let ended = eval(&folder, "email(#{ to: \"dana@example.com\", subject: \"x\", text: \"x\" })", &[]);
    assert_eq!(ended.code, 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("127.0.0.1 does not encrypt, and nothing was sent"), "{}", ended.stderr);
    let commands = server.arrived()[0].commands.join("\n");
    assert!(!commands.contains("MAIL"), "{commands}");
}

#[test]
fn the_settings_of_the_server_are_checked() {
    for (lines, words) in [
        ("from = \"a@b.c\"", "[email] needs a server"),
        ("server = \"x.example\"", "[email] needs a sender"),
        ("server = \"x.example\"\nfrom = \"a@b.c\"\nuser = \"a\"", "needs user and password_env together"),
        (
            "server = \"x.example\"\nfrom = \"a@b.c\"\npassword = \"hunter2\"",
            "a password never stands in this file",
        ),
        (
            "server = \"x.example\"\nfrom = \"a@b.c\"\nsecurity = \"none\"\nuser = \"a\"\npassword_env = \"P\"",
            "needs an encrypted way",
        ),
        (
            "server = \"x.example\"\nfrom = \"a@b.c\"\nallow = [\"example.com\"]",
            "must be a list of addresses and domains",
        ),
        ("serve = \"x.example\"", "did you mean \"server\"?"),
    ] {
        let folder = Folder::new();
        folder.write("vitally.toml", format!("[email]\n{lines}\n"));
        let ended = eval(&folder, "1", &[]);
        assert_eq!(ended.code, 2, "{lines}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{lines}: {}", ended.stderr);
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
    }
}

#[test]
fn a_test_sees_the_mails_and_sends_none() {
    let folder = Folder::new();
    folder.write(
        "weekly.rhai",
        "email(#{ to: \"dana@example.com\", subject: \"Weekly\", text: \"3 renewals\" });",
    );
    folder.write(
        "tests/weekly_test.rhai",
        "test(\"a mail goes out\", || { run_script(); let mails = sent(\"email\"); assert_eq(mails.len(), 1); \
         assert_eq(mails[0].to, [\"dana@example.com\"]); assert_eq(mails[0].text, \"3 renewals\"); });",
    );
    let ended = folder.run(&["test"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}
