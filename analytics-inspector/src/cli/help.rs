//! What the program says about itself.

pub(crate) const VERSION: &str = concat!("analytics-inspector ", env!("CARGO_PKG_VERSION"));

pub(crate) const USAGE: &str = "\
usage: analytics-inspector [--port PORT] [--capacity EVENTS] [--open] [--listen ADDR] [--token TOKEN]
                           [--allow-host NAME]...
       analytics-inspector tail [--port PORT] [--format human|json]
       analytics-inspector run [--capacity EVENTS] -- COMMAND [ARGUMENT...]";

pub(crate) const HELP: &str = "\
A local server that speaks PostHog's capture protocol and shows the events it receives.

usage: analytics-inspector [--port PORT] [--capacity EVENTS] [--open] [--listen ADDR] [--token TOKEN]
                           [--allow-host NAME]...
       analytics-inspector tail [--port PORT] [--format human|json]
       analytics-inspector run [--capacity EVENTS] -- COMMAND [ARGUMENT...]

Without a word it serves. Each event is one line on stdout: actor, name, and the properties that do
not begin with `$`. Ctrl-C or SIGTERM end it.

  tail  shows the events that reach an inspector that is running already
  run   serves on a free port, runs a command with POSTHOG_HOST and POSTHOG_API_KEY set to it, shows its
        events on stderr, and ends with the command's exit code

  --port PORT          the port to listen on; 0 is any free one (default 8010)
  --capacity EVENTS    how many events to remember for the JSON API (default 100000)
  --open               show the page in a browser
  --listen ADDR        an address other than 127.0.0.1 to listen on: others can send events then, and use the page
                       and the JSON API with the token
  --token TOKEN        the token, 16 to 128 letters, digits and -._~; also in INSPECTOR_TOKEN, which no list of
                       processes shows (default: a random one, printed at start)
  --allow-host NAME    a name other than localhost by which programs on this machine may use the page and the JSON
                       API; may be given repeatedly
  --format human|json  a line for people, or a JSON object a line (default human)
  -h, --help           this text
  -V, --version        name and version

A page that shows events live is at /. The JSON API is at /api/events, /api/requests, /api/counts,
/api/oracle, /api/stream, /api/faults, /api/reset, /api/health.
";
