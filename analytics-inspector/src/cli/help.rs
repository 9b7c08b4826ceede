//! What the program says about itself.

pub(crate) const VERSION: &str = concat!("analytics-inspector ", env!("CARGO_PKG_VERSION"));

pub(crate) const USAGE: &str = "\
usage: analytics-inspector [--port PORT] [--capacity EVENTS] [--open] [--listen ADDR] [--token TOKEN]
                           [--allow-host NAME]...
       analytics-inspector tail [--port PORT] [--format human|json]
       analytics-inspector run [--capacity EVENTS] -- COMMAND [ARGUMENT...]
       analytics-inspector check [--capacity EVENTS] [--expect NAME]... [--report FILE] -- COMMAND [ARGUMENT...]";

pub(crate) const HELP: &str = "\
A local server that speaks PostHog's capture protocol and shows the events it receives.

usage: analytics-inspector [--port PORT] [--capacity EVENTS] [--open] [--listen ADDR] [--token TOKEN]
                           [--allow-host NAME]...
       analytics-inspector tail [--port PORT] [--format human|json]
       analytics-inspector run [--capacity EVENTS] -- COMMAND [ARGUMENT...]
       analytics-inspector check [--capacity EVENTS] [--expect NAME]... [--report FILE] -- COMMAND [ARGUMENT...]

Without a word it serves. Each event is one line on stdout: actor, name, and the properties that do
not begin with `$`; one that PostHog would lose begins with `dropped REASON: `. A request that is refused is
a line too, `refused 400 POST /batch/: …`. Ctrl-C or SIGTERM end it.

  tail   shows what reaches an inspector that is running already
  run    serves on a free port, runs a command with POSTHOG_HOST and POSTHOG_API_KEY set to it, shows its
         events on stderr, and ends with the command's exit code
  check  the same, and then says on stderr whether everything arrived as it should: the totals, and each
         problem with what to change. Events of refused requests that came again and were accepted are none.
         It ends with
           0        the command ended with 0, an event arrived, and nothing was lost
           1        the inspector could not start, or the report could not be written
           2        its arguments are wrong
           3        no event arrived
           4        there are problems, an expected event did not arrive, or more arrived than is remembered
           126, 127 the command cannot be run, or is not there
         and with the command's own code if that is not 0, whatever arrived

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
  --expect NAME        check: an event of this name has to arrive; may be given repeatedly
  --report FILE        check: the report as a JSON object, in a file since stdout is the command's
  -h, --help           this text
  -V, --version        name and version

A page that shows events live is at /. The JSON API is at /api/events, /api/requests, /api/counts,
/api/oracle, /api/problems, /api/stream, /api/faults, /api/reset, /api/health.
";
