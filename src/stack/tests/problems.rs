//! Golden tests: bad project files and the exact list of their problems.

use super::{Directory, assert_problems, assert_text};

#[test]
fn c001_syntax() {
    let all = [
        "name: demo\nstack: base\n\tdomains: [a.b]\n",
        "name: demo\nstack: base\ndomains: [a.b\n",
        "name: demo: x\n",
        "stack: base\ndomains: [${HOST}]\n",
        "name: demo\n---\nstack: base\n",
        "name: !secret demo\nstack: base\n",
        "name: *demo\nstack: base\n",
        "name: demo\n<<<<<<< ours\nstack: base\n=======\nstack: sample\n>>>>>>> theirs\n",
        "name: demo\nstack: base\n[a, b]: c\n? {a: b}\n: c\n",
    ];
    let found: Vec<String> = all.iter().map(|text| Directory::project(text).problems()).collect();
    assert_text(
        &found.join("--\n"),
        r"
C001 shop.yaml:3:1+1 not valid YAML: while scanning a plain scalar, found a tab
     indent with spaces: YAML does not allow tabs
--
C001 shop.yaml:3:10+1 not valid YAML: unclosed bracket '['
     check indentation, quotes and brackets here and in the line before
--
C001 shop.yaml:1:11+1 not valid YAML: mapping values are not allowed in this context
     put quotes around a value that contains `: `
--
C001 shop.yaml:2:12+1 not valid YAML: while parsing a flow sequence, expected ',' or ']'
     put quotes around `${…}`: between brackets, braces mean something else
--
C001 shop.yaml:2:1+1 a second document begins here
     remove the line `---`, one file holds one document
--
C001 shop.yaml:1:15+4 a YAML tag has no meaning here
     remove the word that begins with `!`: a text is taken as it is written
--
C001 shop.yaml:1:7+5 there is no anchor `&demo` above
     put quotes around a text that begins with `*`
--
C001 shop.yaml:2:1+1 not valid YAML: simple key expected ':'
     resolve the merge conflict in this file
--
C001 shop.yaml:3:1+1 a key must be a text
     write the key as one word before the colon
C001 shop.yaml:4:3+1 a key must be a text
     write the key as one word before the colon
",
    );
}

#[test]
fn c002_unknown_keys() {
    let directory = Directory::project(
        "name: demo
stakc: base
stack: sample
settings:
  languge: de_DE
services:
  php:
    memroy: 1G
    probes: { startup: { comand: [a], deadline: 5s } }
  mysql:
    bogus: 1
",
    );
    assert_problems(
        &directory,
        r"
C002 shop.yaml:2:1+5 `stakc` is not a key of this file
     did you mean `stack`?
C002 shop.yaml:5:3+7 the stack has no setting `languge`
     did you mean `language`?
C002 shop.yaml:8:5+6 `memroy` is not a key of `services.php`
     did you mean `memory`?
C002 shop.yaml:9:26+6 `comand` is not a key of `services.php.probes.startup`
     did you mean `command`?
C002 shop.yaml:11:5+5 `bogus` is not a key of `services.mysql`
     known here: `summary`, `image`, `network`, `run_as`, `command`, `env`, `secrets`, `volumes`, `code`, `writable`, `memory`, `ports`, `publish`, `routes`, `probes`, `needs`, `after`, `stop`, `essential` and `data`
",
    );
}

#[test]
fn c003_wrong_types() {
    let directory = Directory::project(
        "name: [demo]
stack: base
domains: demo.localhost
ports: { http: eighty, https: 8443.5 }
settings: [a]
shop: newest
services:
  php:
    essential: yes
    memory: lots
    command: php-fpm
    env: [A=1]
    stop: { grace: 10 }
  cron: 3
",
    );
    assert_problems(
        &directory,
        r#"
C003 shop.yaml:1:7+1 `name` must be a text, this is a list
     write it like `text`
C003 shop.yaml:3:10+14 `domains` must be a list, this is `demo.localhost`
     write it like `[a, b]`
C003 shop.yaml:4:16+6 `ports.http` must be a port, this is `eighty`
     write it like `8080`
C003 shop.yaml:4:31+6 `ports.https` must be a port, this is `8443.5`
     write it like `8080`
C003 shop.yaml:5:11+1 `settings` must be keys and values, this is a list
     write it like `name: value`
C003 shop.yaml:6:7+6 `newest` is not a range of versions
     write it like `">=0.1"` or `"0.1"`
C003 shop.yaml:9:16+3 `services.php.essential` must be true or false, this is `yes`
     write it like `true`
C003 shop.yaml:10:13+4 `services.php.memory` must be a size, this is `lots`
     write it like `768M`
C003 shop.yaml:11:14+7 `services.php.command` must be a list, this is `php-fpm`
     write it like `[a, b]`
C003 shop.yaml:12:10+1 `services.php.env` must be keys and values, this is a list
     write it like `name: value`
C003 shop.yaml:13:20+2 `services.php.stop.grace` must be a duration, this is `10`
     write it like `60s`
C003 shop.yaml:14:9+1 `services.cron` must be keys and values, this is `3`
     write it like `name: value`
"#,
    );
}

#[test]
fn c003_the_root_is_no_map() {
    assert_problems(
        &Directory::project("- name\n- stack\n"),
        r"
C003 shop.yaml:1:1+1 the file is a list, not keys and values
     write lines such as `name: demo`
",
    );
}

#[test]
fn c004_names() {
    let directory = Directory::project(
        "name: My Shop
stack: base
domains: [http://Demo.localhost/, 'demo', 'a b.c']
services:
  Web_1:
    image: php
    memory: 64M
    summary: x
    env: { 'A=B': c }
    volumes: { state: /data }
  router:
    image: php
    memory: 64M
    summary: x
",
    );
    assert_problems(
        &directory,
        r"
C004 shop.yaml:1:7+7 `My Shop` cannot be the name of a project
     use lower-case letters, digits and hyphens, at most 30, beginning with a letter: `my-shop`
C004 shop.yaml:3:11+22 `http://Demo.localhost/` is not a host name
     write `demo.localhost`
C004 shop.yaml:3:35+6 `demo` is not a host name
     write a name such as `demo.localhost`, without scheme, port and path
C004 shop.yaml:3:43+7 `a b.c` is not a host name
     write a name such as `demo.localhost`, without scheme, port and path
C004 shop.yaml:5:3+5 `Web_1` cannot be the name of a service
     use lower-case letters, digits and hyphens, at most 30, beginning with a letter: `web-1`
C004 shop.yaml:9:12+5 `A=B` cannot be an environment variable
     use letters, digits and underscores, beginning with a letter
C004 shop.yaml:10:16+5 `state` is the name of a volume of shop's own
     choose another name
C004 shop.yaml:11:3+6 `router` is the name of a service of shop's own
     choose another name
",
    );
}

#[test]
fn c005_missing_keys() {
    let directory =
        Directory::project("services:\n  extra:\n    probes: { startup: {} }\n    routes: [{ label: x }]\n");
    assert_problems(
        &directory,
        r"
C005 shop.yaml:1:1+1 `stack` is missing
     add `stack: magento2`
",
    );
    let directory = Directory::project(
        "stack: base
services:
  extra:
    probes: { startup: { deadline: 5s } }
    routes: [{ label: x }]
",
    );
    assert_problems(
        &directory,
        r"
C005 shop.yaml:3:3+5 `services.extra` has no `summary`
     add `summary: what it is for`
C005 shop.yaml:3:3+5 `services.extra` has no `image`
     add `image: php`
C005 shop.yaml:3:3+5 `services.extra` has no `memory`
     add `memory: 256M`
C005 shop.yaml:4:15+7 `services.extra.probes.startup` has no `command`
     add `command: [sh, -c, 'test -e /tmp/ready']`
C005 shop.yaml:5:14+1 `services.extra.routes[0]` has no `port`
     add `port: http`
",
    );
    let directory = Directory::project("stack: own\n").file(
        ".openshift/stacks/own/stack.yaml",
        "extends: base\nsummary: x\nsettings:\n  region: { summary: Where }\n",
    );
    assert_problems(
        &directory,
        r"
C005 .openshift/stacks/own/stack.yaml:4:3+6 the setting `region` has no value
     add `region: …` below `settings:` in shop.yaml
",
    );
}

#[test]
fn c006_missing_variables() {
    let directory = Directory::project(
        "name: demo
stack: base
domains: ['${ONE}.localhost', \"${TWO:?set it to your host}\"]
settings:
  database: a${EMPTY:?must not be empty}b${THREE}
ports: { http: '${EMPTY}', https: '${TOKEN}' }
shop: '${1BAD}'
services: { php: { memory: '${A:+b}', env: { A: 'x${TOKEN', B: '${TOKEN}', C: '$$HOME $HOME' } } }
",
    );
    assert_problems(
        &directory,
        r"
C006 shop.yaml:3:12+6 the variable ONE is not set
     set it: export ONE=…, or give a default: ${ONE:-default}
C006 shop.yaml:3:32+27 the variable TWO is not set: set it to your host
     set it: export TWO=…
C006 shop.yaml:5:14+27 the variable EMPTY is not set: must not be empty
     set it: export EMPTY=…
C006 shop.yaml:5:42+8 the variable THREE is not set
     set it: export THREE=…, or give a default: ${THREE:-default}
C003 shop.yaml:6:16+10 `ports.http` must be a port, this is empty
     write it like `8080`
C003 shop.yaml:6:35+10 `ports.https` must be a port, this is `${TOKEN}`
     write it like `8080`
C004 shop.yaml:7:8+7 `${1BAD}` does not name a variable
     write `${NAME}` with letters, digits and underscores
C014 shop.yaml:8:29+7 `${A:+b}` is not a form that is known
     write ${A}, ${A:-default} or ${A:?message}
C014 shop.yaml:8:49+10 `${` without a closing brace
     write `${NAME}`, or `$$` for a dollar sign
",
    );
}

#[test]
fn c007_clashes() {
    let directory = Directory::project(
        "name: demo
stack: base
domains: [demo.localhost, shop.localhost, shop.localhost, mail.demo.localhost]
ports: { http: 8080, https: 8080 }
services:
  redis:
    publish: { redis: 3306 }
  search:
    publish: { http: 8080 }
    routes: [{ port: http }]
  php:
    ports: { status: 8080 }
",
    );
    assert_problems(
        &directory,
        r"
C007 shop.yaml:3:43+14 the host `shop.localhost` stands twice
     keep one of the two
C007 shop.yaml:3:59+19 the host `mail.demo.localhost` is already taken by `services.mail.routes` (stacks/base/stack.yaml)
     choose another host name, or another `label`
C007 shop.yaml:4:29+4 port 8080 is meant for both http and https
     give https a port of its own, such as 8443
C007 shop.yaml:7:23+4 port 3306 is already taken by `services.mysql.publish.sql` (stacks/base/stack.yaml)
     give one of the two another port of the host
C007 shop.yaml:9:22+4 port 8080 is already taken by `ports.http` (shop.yaml:4)
     give one of the two another port of the host
C007 shop.yaml:10:13+1 the shop's own route is already taken by `services.pod.routes` (stacks/base/stack.yaml)
     give one of the two routes a `label`
C007 shop.yaml:12:22+4 port 8080 of the pod is already taken by `services.pod.ports.http` (stacks/base/stack.yaml)
     give one of the two another port
",
    );
}

#[test]
fn c008_unknown_stacks() {
    assert_problems(
        &Directory::project("stack: magneto2\n"),
        r"
C008 shop.yaml:1:8+8 there is no stack `magneto2`
     did you mean `magento2`?
",
    );
    let directory = Directory::project("stack: own\n").file(".openshift/stacks/own/stack.yaml", "extends: magento\n");
    assert_problems(
        &directory,
        r"
C008 .openshift/stacks/own/stack.yaml:1:10+7 there is no stack `magento`
     did you mean `magento2`?
",
    );
    let outside = Directory::project("stack: ../../etc\n").problems();
    assert!(outside.starts_with("C008 shop.yaml:1:8+9 there is no stack `../../etc`\n     known here: `base`"));
}
