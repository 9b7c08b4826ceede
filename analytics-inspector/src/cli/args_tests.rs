use super::*;

fn parsed(arguments: &[&str]) -> Result<Command, String> {
    parse(arguments.iter().map(OsString::from)).map_err(|error| error.to_string())
}

#[test]
fn flags_take_their_value_in_both_spellings() {
    let both = Settings { port: 9, capacity: Some(7), ..Settings::default() };
    assert_eq!(parsed(&["--port", "9", "--capacity=7"]), Ok(Command::Serve(both)));
    let neither = Settings { port: 8010, ..Settings::default() };
    let open = Settings { open: true, ..neither.clone() };
    assert_eq!(parsed(&["--open"]), Ok(Command::Serve(open)));
    assert_eq!(parsed(&[]), Ok(Command::Serve(neither)));
    assert_eq!(parsed(&["--port", "9", "-h"]), Ok(Command::Help));
    for arguments in [&["-V"][..], &["--version"], &["tail", "-V"], &["run", "--version"]] {
        assert_eq!(parsed(arguments), Ok(Command::Version), "{arguments:?}");
    }
    assert_eq!(parsed(&["tail"]), Ok(Command::Tail { port: 8010, format: Format::Human }));
    assert_eq!(parsed(&["tail", "--port=9", "--format", "json"]), Ok(Command::Tail { port: 9, format: Format::Json }));
}

#[test]
fn a_command_stands_behind_two_dashes_with_all_that_follows() {
    let settings = Settings { capacity: Some(7), ..Settings::default() };
    let command = ["a", "--port", "x=y"].map(OsString::from).to_vec();
    let run = Ok(Command::Run { settings, command });
    assert_eq!(parsed(&["run", "--capacity=7", "--", "a", "--port", "x=y"]), run);
    assert_eq!(parsed(&["run", "--capacity=7", "a", "--port", "x=y"]), run);
    let command = ["--port", "--", "b"].map(OsString::from).to_vec();
    assert_eq!(
        parsed(&["run", "--", "--port", "--", "b"]),
        Ok(Command::Run { settings: Settings::default(), command })
    );
    assert_eq!(parsed(&["run", "--help"]), Ok(Command::Help));
}

#[test]
fn a_check_may_expect_events_and_write_a_report() {
    let settings = Settings { capacity: Some(7), ..Settings::default() };
    let expectations = Expectations { events: vec!["a".to_owned(), "b c".to_owned()], report: Some("r.json".into()) };
    let command = ["x", "--expect", "y"].map(OsString::from).to_vec();
    assert_eq!(
        parsed(&[
            "check",
            "--capacity",
            "7",
            "--expect=a",
            "--report",
            "r.json",
            "--expect",
            "b c",
            "--",
            "x",
            "--expect",
            "y"
        ]),
        Ok(Command::Check { settings, expectations, command })
    );
    assert_eq!(parsed(&["check", "--help"]), Ok(Command::Help));
}

#[test]
fn an_address_off_loopback_may_come_with_names_and_a_token() {
    let address = |text: &str| Some(text.parse().unwrap());
    let hosts = vec!["a.test".to_owned(), "b.test".to_owned()];
    let exposed = Settings { port: 8010, listen: address("0.0.0.0"), allowed_hosts: hosts, ..Settings::default() };
    assert_eq!(
        parsed(&["--listen", "0.0.0.0", "--allow-host", "a.test", "--allow-host=b.test"]),
        Ok(Command::Serve(exposed))
    );
    let local = Settings { port: 8010, listen: address("::1"), ..Settings::default() };
    assert_eq!(parsed(&["--listen=::1"]), Ok(Command::Serve(local)));
    let exposed = Settings { port: 8010, listen: address("0.0.0.0"), ..Settings::default() };
    assert_eq!(parsed(&["--listen", "0.0.0.0"]), Ok(Command::Serve(exposed.clone())));
    let token = Some("correct-horse-battery".to_owned());
    let with_token = Settings { token, ..exposed };
    assert_eq!(parsed(&["--listen", "0.0.0.0", "--token=correct-horse-battery"]), Ok(Command::Serve(with_token)));
}

#[test]
fn what_is_wrong_is_named() {
    for (arguments, expected) in [
        (&["--prot", "9"][..], "invalid option '--prot'"),
        (&["--prot=9"], "invalid option '--prot'"),
        (&["--port"], "missing argument for option '--port'"),
        (&["--port", "65536"], r#"--port needs a number in range, not "65536""#),
        (&["--capacity=-1"], r#"--capacity needs a number in range, not "-1""#),
        (&["--token"], "missing argument for option '--token'"),
        (&["--listen", "localhost"], r#"--listen needs an IP address, not "localhost""#),
        (&["tail", "--format=xml"], r#"--format needs human or json, not "xml""#),
        (&["tail", "--capacity", "1"], "invalid option '--capacity'"),
        (&["--open=yes"], "unexpected argument for option '--open': \"yes\""),
        (&["--port", "9", "tail"], "unexpected argument \"tail\""),
        (&["run"], "run needs -- and a command"),
        (&["run", "--"], "run needs -- and a command"),
        (&["check"], "check needs -- and a command"),
        (&["check", "--expect"], "missing argument for option '--expect'"),
        (&["run", "--expect", "e", "--", "ls"], "invalid option '--expect' (a command stands behind --)"),
        (&["run", "-l", "ls"], "invalid option '-l' (a command stands behind --)"),
    ] {
        assert_eq!(parsed(arguments), Err(expected.to_owned()));
    }
}
