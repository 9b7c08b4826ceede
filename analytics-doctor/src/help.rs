//! What the program says about itself.

pub(crate) const USAGE: &str = "\
usage: analytics-doctor [--env-file FILE] [--timeout TIME] [--no-event] [--require] [--json]";

pub(crate) const HELP: &str = "\
Says where a service's analytics go and why, and whether an event would arrive.

usage: analytics-doctor [--env-file FILE] [--timeout TIME] [--no-event] [--require] [--json]

It reads the variables that the service reads, looks at the network on the way to the server, asks PostHog
whether it knows the key (which is not billed), and sends one event, analytics_doctor_ran. A line each: ok, warn
or fail, with the fix below. The key is shown as a fingerprint only.

  --env-file FILE  NAME=value lines, over the variables of the environment
  --timeout TIME   the longest that one check may take (default 5s)
  --no-event       send no event
  --require        fail if events go nowhere, as without a key
  --json           one JSON object instead of lines
  -V, --version    the program's version
  -h, --help       this text

It ends with 0 if all is well, or warned of only; 1 if the configuration is wrong; 2 if the server cannot be
reached; 3 if the server refuses the key or the event; 64 if the command line cannot be read.
";
