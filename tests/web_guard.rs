//! Where scripts' own requests may not go.

use crate::support::hostile::{Act, Hostile};
use std::net::IpAddr;
use url::Url;
use vitally_script::gate::Mode;
use vitally_script::stop::Stop;
use vitally_script::web::address::admits;
use vitally_script::web::allow::{Entry, is_spelled_out, permits};
use vitally_script::web::{PATIENCE, Request, Sent, Trouble, Web};

fn entries(texts: &[&str]) -> Vec<Entry> {
    texts.iter().map(|text| Entry::parse(text).unwrap_or_else(|| panic!("{text} is an entry"))).collect()
}

fn get(allow: &[&str], url: &str) -> Result<Sent, Trouble> {
    let Ok(url) = Url::parse(url) else {
        return Err(Trouble {
            kind: "mistake",
            message: vitally_script::error::Message::new("no address", ""),
        });
    };
    let web = Web::new(entries(allow), Mode::Live, Stop::new());
    web.send(Request {
        method: "GET",
        url,
        headers: Vec::new(),
        body: None,
        patience: PATIENCE,
        secret: false,
    })
}

#[test]
fn only_the_open_internet_is_reached_by_name() {
    let private = "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 \
         169.254.169.254 169.254.0.1 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 \
         192.168.255.255 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 \
         255.255.255.255 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:192.168.1.1 \
         ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b::c0a8:101 64:ff9b:1::1 100::1 2001::1 \
         2001:0:53aa:64c:0:fbff:8080:1 2001:10::1 2001:db8::1 2002:7f00:1::1 2002:a00:1::1 2002:a9fe:a9fe::1 2002:c0a8:101::1 \
         3fff::1 4000::1 5f00::1 fc00::1 fd00::1 fd00:ec2::254 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1";
    let public = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 192.167.1.1 198.17.0.1 \
         198.20.0.1 223.255.255.255 ::ffff:8.8.8.8 64:ff9b::808:808 2002:808:808::1 2001:4860:4860::8888 2606:4700::1111 \
         2a00:1450::1";
    let each =
        |text: &str| text.split_whitespace().map(|text| text.parse::<IpAddr>().unwrap()).collect::<Vec<_>>();
    for address in each(private) {
        assert!(!admits([address], false), "{address}");
        assert!(!admits(["8.8.8.8".parse().unwrap(), address], false), "{address} beside a good one");
    }
    for address in each(public) {
        assert!(admits([address], false), "{address}");
    }
}

#[test]
fn what_the_settings_spell_out_may_be_private_but_never_where_clouds_hand_out_keys() {
    for address in ["127.0.0.1", "10.0.0.1", "192.168.1.1", "::1", "fd00::1"] {
        assert!(admits([address.parse().unwrap()], true), "{address}");
    }
    for address in ["169.254.169.254", "fe80::1", "0.0.0.0", "::", "224.0.0.1", "::ffff:169.254.169.254"] {
        assert!(!admits([address.parse().unwrap()], true), "{address}");
    }
    let refused =
        get(&["169.254.169.254"], "http://169.254.169.254/latest/meta-data").expect_err("it is refused");
    assert_eq!(refused.kind, "refused", "{}", refused.message.text);
}

/// This machine and its network in every way of writing them that parsers know.
const DISGUISES: &str = "127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 017700000001 0177.0.0.1 0177.1 \
    127.0.0.1. 127.000.000.001 %31%32%37.0.0.1 １２７.0.0.1 127。0。0。1 127.0.0.1%00 localhost LOCALHOST localhost. \
    LocalHost l%6fcalhost 0 0.0.0.0 0x0 00 0.0 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] \
    [0:0:0:0:0:ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fd00::1] [fd00:ec2::254] 10.0.0.1 \
    10.1 0xa000001 167772161 192.168.1.1 192.168.257 0xc0a80101 3232235777 172.16.0.1 169.254.169.254 169.254.43518 \
    2852039166 0xa9fea9fe 0251.0376.0251.0376 [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] 100.64.0.1 198.18.0.1 \
    metadata.google.internal instance-data evil.example hooks.slack.com.evil.example evil-hooks.slack.com xhooks.slack.com \
    slack.com hooks.slack.com.";

#[test]
fn nothing_that_is_not_named_is_reached_however_it_is_written() {
    let server = Hostile::acting(vec![Act::Close]);
    let port = server.origin().rsplit(':').next().unwrap().to_string();
    let mut count = 0;
    for host in DISGUISES.split_whitespace().filter(|host| *host != "hooks.slack.com.") {
        for url in [
            format!("http://{host}:{port}/"),
            format!("https://{host}:{port}/"),
            format!("http://hooks.slack.com@{host}:{port}/"),
            format!("http://hooks.slack.com:80@{host}:{port}/"),
            format!("http://{host}:{port}\\@hooks.slack.com/"),
            format!("http:/{host}:{port}/hooks.slack.com"),
        ] {
            let answer = get(&["hooks.slack.com", "*.crm.example"], &url);
            let trouble = answer.expect_err(&url);
            assert!(["refused", "mistake"].contains(&trouble.kind), "{url}: {}", trouble.message.text);
            count += 1;
        }
    }
    for url in [
        "file:///etc/passwd",
        "ftp://hooks.slack.com/",
        "gopher://hooks.slack.com/",
        "data:text/plain,a",
        "unix:/run/a",
    ] {
        assert_eq!(get(&["hooks.slack.com"], url).expect_err(url).kind, "refused", "{url}");
        count += 1;
    }
    assert!(count >= 150, "{count}");
    assert!(server.lines().is_empty(), "{:?}", server.lines());
}

#[test]
fn an_entry_names_a_host_all_below_one_or_an_address() {
    for (entry, url, permitted) in [
        ("api.example.com", "https://api.example.com/x", true),
        ("api.example.com", "https://API.EXAMPLE.com./x", true),
        ("api.example.com", "http://api.example.com/", true),
        ("api.example.com", "https://api.example.com:8443/", false),
        ("api.example.com:8443", "https://api.example.com:8443/", true),
        ("api.example.com:8443", "https://api.example.com/", false),
        ("api.example.com:80", "http://api.example.com/", true),
        ("api.example.com:80", "https://api.example.com/", false),
        ("api.example.com", "https://x.api.example.com/", false),
        ("*.example.com", "https://api.example.com/", true),
        ("*.example.com", "https://a.b.example.com/", true),
        ("*.example.com", "https://example.com/", false),
        ("*.example.com", "https://evilexample.com/", false),
        ("localhost", "http://localhost:9000/", true),
        ("localhost:8080", "http://localhost:9000/", false),
        ("127.0.0.1", "http://127.0.0.1:9000/", true),
        ("127.0.0.1", "http://2130706433:9000/", true),
        ("127.0.0.1", "http://localhost:9000/", false),
        ("[::1]:8080", "http://[::1]:8080/", true),
        ("bücher.example.com", "https://xn--bcher-kva.example.com/", true),
    ] {
        let url = Url::parse(url).unwrap();
        assert_eq!(permits(&entries(&[entry]), &url), permitted, "{entry} and {url}");
    }
    for text in [
        "",
        "*",
        "*.com",
        "com",
        "https://api.example.com",
        "api.example.com/x",
        "me@api.example.com",
        "*.10.0.0.1",
        "a b.c",
    ] {
        assert!(Entry::parse(text).is_none(), "{text}");
    }
    assert!(is_spelled_out(&Url::parse("http://localhost./").unwrap()));
    assert!(!is_spelled_out(&Url::parse("http://localhost.example.com/").unwrap()));
}
