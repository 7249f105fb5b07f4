//! Reports that a run keeps, and texts from templates.

use crate::support::program::{Ended, Folder};

fn eval(folder: &Folder, code: &str, options: &[&str]) -> Ended {
    let words: Vec<&str> =
        ["eval", "--demo", "--color", "never"].iter().chain(options).copied().chain([code]).collect();
    folder.run(&words)
}

#[test]
fn a_report_is_kept_with_the_run() {
    let folder = Folder::new();
    let code = "report.title(\"Risk <b>\"); report.add(\"Sum\", \"Two & more\");\n\
                report.add(\"Accounts\", accounts().take(2), [\"name\", \"mrr\"]);\n\
                report.add(\"Counts\", #{ open: 3 }); report.add(\"None\", []);";
    let ended = eval(&folder, code, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let line = ended.stderr.lines().find(|line| line.contains("report: ")).unwrap();
    let path = line.split("report: ").nth(1).unwrap().split(", and").next().unwrap();
    let page = std::fs::read_to_string(path).unwrap();
    for part in
        ["<h1>Risk &lt;b&gt;</h1>", "<p>Two &amp; more</p>", "<th>mrr</th>", "<td>open</td>", "nothing"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("http"), "the page needs something from elsewhere");
    let workbook = path.replace("report.html", "report.xlsx");
    folder.write("kept.xlsx", std::fs::read(workbook).unwrap());
    let read = eval(&folder, "read_xlsx(\"kept.xlsx\", \"Accounts\").len()", &[]);
    assert_eq!(read.stdout, "2\n", "{}", read.stderr);
    std::fs::remove_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
}

#[test]
fn a_saved_report_is_a_file_of_the_project() {
    let folder = Folder::new();
    let code = "report.add(\"A\", [#{ x: 1 }]); report.add(\"A\", [#{ x: 2 }]); report.save(\"weekly.xlsx\"); \
                report.save(\"weekly.html\"); print(read_xlsx(\"weekly.xlsx\", \"A 2\")[0].x)";
    let ended = eval(&folder, code, &[]);
    assert_eq!((ended.code, ended.stdout.as_str()), (0, "2\n"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("report: "), "{}", ended.stderr);
    assert!(folder.read("weekly.html").contains("<title>weekly</title>"));
    let dry = eval(&folder, "report.add(\"A\", \"x\"); report.save(\"other.html\");", &["-n"]);
    assert!(dry.stderr.contains("the report other.html would be written"), "{}", dry.stderr);
    assert!(!folder.path().join("other.html").exists());
    let wrong = eval(&folder, "report.add(\"A\", \"x\"); report.save(\"other.pdf\");", &[]);
    assert!(wrong.stderr.contains("end it with .html or .xlsx"), "{}", wrong.stderr);
}

#[test]
fn a_template_is_filled_and_html_is_escaped() {
    let folder = Folder::new();
    folder
        .write("mail.html", "<p>{{ name }}</p>{% for t in rows %}<li>{{ t.x }}{{ t.none }}</li>{% endfor %}");
    folder.write("mail.txt", "{{ name }}");
    let code = "print(template(\"mail.html\", #{ name: \"A & <B>\", rows: [#{ x: 1, none: () }] })); \
                print(template(\"mail.txt\", #{ name: \"A & <B>\" })); print(fill(\"{{ list | length }}\", #{ list: accounts().take(2) }))";
    let ended = eval(&folder, code, &[]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, "<p>A &amp; &lt;B&gt;</p><li>1</li>\nA & <B>\n2\n"),
        "{}",
        ended.stderr
    );
}

#[test]
fn mistakes_in_templates_name_the_line() {
    let folder = Folder::new();
    for (text, words) in [
        ("a\n{{ nme }}", "mail.txt, line 2: \"nme\" is not in the data; did you mean \"name\"?"),
        ("{{ name ", "gaps look like {{ name }}"),
        ("{% for x in name %}", "mail.txt, line 1"),
        ("{{ name | shout }}", "there is no such filter"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{{ name }}{% endfor %}{% endfor %}",
            "takes too long",
        ),
    ] {
        folder.write("mail.txt", text);
        let ended = eval(&folder, "template(\"mail.txt\", #{ name: \"x\" })", &[]);
        assert_eq!(ended.code, 1, "{text}: {}", ended.stderr);
        assert!(ended.stderr.contains(words), "{text}: {}", ended.stderr);
    }
    folder.write("mail.txt", "{% for a in range(9999) %}{{ name }}{% endfor %}");
    let large = eval(
        &folder,
        "let x = \"abcdefgh\"; for i in 0..12 { x += x; } template(\"mail.txt\", #{ name: x })",
        &[],
    );
    assert!(large.stderr.contains("larger than 16 MB"), "{}", large.stderr);
}
