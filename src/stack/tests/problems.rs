//! Golden tests: bad files and the exact list of their problems.

use super::{Directory, assert_problems, assert_text};

#[test]
fn c001_syntax() {
    let all = [
        "name: demo\nstack: base\n\tdomains: [a.b]\n",
        "name: demo\nstack: base\ndomains: [a.b\n",
        "name: demo: x\n",
        "name: demo\n---\nstack: base\n",
        "name: !secret demo\nstack: base\n",
        "name: *demo\nstack: base\n",
        "name: demo\n<<<<<<< ours\nstack: base\n=======\nstack: sample\n>>>>>>> theirs\n",
        "name: demo\nstack: base\n[a, b]: c\n? {a: b}\n: c\n",
    ];
    let found: Vec<String> = all.iter().map(|text| Directory::project(text).problems()).collect();
    assert_text(&found.join("--\n"), r"
C001 shop.yaml:2:8+1 not valid YAML: while scanning a plain scalar, found a tab
     indent with spaces: YAML does not allow tabs
--
C001 shop.yaml:3:10+1 not valid YAML: unclosed bracket '['
     check indentation, quotes and brackets here and in the line before
--
C001 shop.yaml:1:11+1 not valid YAML: mapping values are not allowed in this context
     put quotes around a value that contains `: `
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
");
}

#[test]
fn c002_unknown_keys() {
    let directory = Directory::project(
        "name: demo\nstakc: base\nstack: sample\nsettings:\n  languge: de_DE\nservices:\n  php:\n    memroy: 1G\n    \
         probes: { startup: { comand: [a], deadline: 5s } }\n  mysql:\n    bogus: 1\n",
    );
    assert_problems(&directory, r"
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
");
}

#[test]
fn c003_wrong_types() {
    let directory = Directory::project(
        "name: [demo]\nstack: base\ndomains: demo.localhost\nports: { http: eighty, https: 8443.5 }\nsettings: [a]\nshop: newest\n\
         services:\n  php:\n    essential: yes\n    memory: lots\n    command: php-fpm\n    env: [A=1]\n    stop: { grace: 10 }\n  \
         cron: 3\n",
    );
    assert_problems(&directory, r#"
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
"#);
}

#[test]
fn c003_the_root_is_no_map() {
    assert_problems(&Directory::project("- name\n- stack\n"), r"
C003 shop.yaml:1:1+1 the file is a list, not keys and values
     write lines such as `name: demo`
");
}

#[test]
fn c004_names() {
    let directory = Directory::project(
        "name: My Shop\nstack: base\ndomains: [http://Demo.localhost/, 'demo', 'a b.c']\nservices:\n  Web_1:\n    \
         image: php\n    memory: 64M\n    summary: x\n    env: { 'A=B': c }\n    volumes: { state: /data }\n  router:\n    image: php\n    \
         memory: 64M\n    summary: x\n",
    );
    assert_problems(&directory, r"
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
");
}

#[test]
fn c005_missing_keys() {
    let directory =
        Directory::project("services:\n  extra:\n    probes: { startup: {} }\n    routes: [{ label: x }]\n");
    assert_problems(&directory, r"
C005 shop.yaml:1:1+1 `stack` is missing
     add `stack: magento2`
");
    let directory = Directory::project(
        "stack: base\nservices:\n  extra:\n    probes: { startup: { deadline: 5s } }\n    routes: [{ label: x }]\n",
    );
    assert_problems(&directory, r"
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
");
    let directory = Directory::project("stack: own\n").file(
        ".openshift/stacks/own/stack.yaml",
        "extends: base\nsummary: x\nsettings:\n  region: { summary: Where }\n",
    );
    assert_problems(&directory, r"
C005 .openshift/stacks/own/stack.yaml:4:3+6 the setting `region` has no value
     add `region: …` below `settings:` in shop.yaml
");
}

#[test]
fn c006_missing_variables() {
    let directory = Directory::project(
        "name: demo\nstack: base\ndomains: ['${ONE}.localhost', \"${TWO:?set it to your host}\"]\nsettings:\n  \
         database: a${EMPTY:?must not be empty}b${THREE}\nports: { http: '${EMPTY}', https: '${TOKEN}' }\nshop: '${1BAD}'\nservices: { php: { memory: '${A:+b}', env: { A: 'x${TOKEN', B: '${TOKEN}', C: '$$HOME $HOME' } } }\n",
    );
    assert_problems(&directory, r"
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
");
}

#[test]
fn c007_clashes() {
    let directory = Directory::project(
        "name: demo\nstack: base\ndomains: [demo.localhost, shop.localhost, shop.localhost, mail.demo.localhost]\n\
         ports: { http: 8080, https: 8080 }\nservices:\n  redis:\n    publish: { redis: 3306 }\n  search:\n    \
         publish: { http: 8080 }\n    routes: [{ port: http }]\n  php:\n    ports: { status: 8080 }\n",
    );
    assert_problems(&directory, r"
C007 shop.yaml:3:43+14 the host `shop.localhost` stands twice
     keep one of the two
C007 shop.yaml:3:59+19 the host `mail.demo.localhost` is already taken by `services.mail.routes` (stacks/base/stack.yaml:182)
     choose another host name, or another `label`
C007 shop.yaml:4:29+4 port 8080 is meant for both http and https
     give https a port of its own, such as 8443
C007 shop.yaml:7:23+4 port 3306 is already taken by `services.mysql.publish.sql` (stacks/base/stack.yaml:118)
     give one of the two another port of the host
C007 shop.yaml:9:22+4 port 8080 is already taken by `ports.http` (shop.yaml:4)
     give one of the two another port of the host
C007 shop.yaml:10:13+1 the shop's own route is already taken by `services.pod.routes` (stacks/base/stack.yaml:49)
     give one of the two routes a `label`
C007 shop.yaml:12:22+4 port 8080 of the pod is already taken by `services.pod.ports.http` (stacks/base/stack.yaml:47)
     give one of the two another port
");
}

#[test]
fn c008_unknown_stacks() {
    assert_problems(&Directory::project("stack: magneto2\n"), r"
C008 shop.yaml:1:8+8 there is no stack `magneto2`
     did you mean `magento2`?
");
    assert_problems(&Directory::project("stack: ../../etc\n"), r"
C008 shop.yaml:1:8+9 there is no stack `../../etc`
     known here: `base`, `magento2` and `sample`
");
    let directory = Directory::project("stack: own\n").file(".openshift/stacks/own/stack.yaml", "extends: wordpress\n");
    assert_problems(&directory, r"
C008 .openshift/stacks/own/stack.yaml:1:10+9 there is no stack `wordpress`
     known here: `base`, `magento2`, `own` and `sample`
");
}

#[test]
fn c009_circles_of_stacks() {
    let directory = Directory::project("stack: one\n")
        .file(".openshift/stacks/one/stack.yaml", "extends: two\n")
        .file(".openshift/stacks/two/stack.yaml", "summary: x\nextends: one\n");
    assert_problems(&directory, r"
C009 .openshift/stacks/two/stack.yaml:2:10+3 stacks extend each other in a circle: one → two → one
     remove one `extends`
");
}

#[test]
fn c010_unknown_references() {
    let directory = Directory::project("stack: own\n")
        .file(
            ".openshift/stacks/own/stack.yaml",
            "extends: magento2
summary: x
images:
  extra: { build: extra }
services:
  extra:
    summary: x
    image: phpp
    memory: 64M
    network: pod
    secrets: { PASSWORD_FILE: db-pasword }
    publish: { web: 8000 }
    routes: [{ label: extra, port: web }]
    needs: [mysqll]
    after: [redy]
  copy: { like: nothing, summary: x, image: php, memory: 64M }
phases:
  extra:
    summary: x
    service: phpp
    memory: 1G
    after: [fetsh]
    follows: [x]
    needs: [y]
    writes: [z]
    inputs: [composer.json]
    rewrites: [composer.lock]
commands:
  extra: { summary: x, service: nothing, run: [x] }
links:
  A: \"{ur}\"
  B: \"{secret:x} {publish:mysql.x} {publish:y.z} {route:x}\"
",
        )
        .file(".openshift/hooks/instal.d/10-a.sh", "#!/bin/sh\n")
        .file(".openshift/hooks/20-b.sh", "#!/bin/sh\n")
        .file(".openshift/hooks/install.d/deep/10-a.sh", "#!/bin/sh\n");
    assert_problems(&directory, r"
C010 .openshift/stacks/own/stack.yaml:4:19+5 there is no image directory `extra`
     known here: `mail`, `mysql`, `nginx`, `php`, `pod`, `redis`, `router` and `search`
C010 .openshift/stacks/own/stack.yaml:8:12+4 there is no image `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:11:31+10 there is no secret `db-pasword`
     did you mean `db-password`?
C010 .openshift/stacks/own/stack.yaml:12:16+3 the service `extra` has no port `web`
     remove it: there is nothing to choose from
C010 .openshift/stacks/own/stack.yaml:13:36+3 the service `extra` has no port `web`
     remove it: there is nothing to choose from
C010 .openshift/stacks/own/stack.yaml:14:13+6 there is no service `mysqll`
     did you mean `mysql`?
C010 .openshift/stacks/own/stack.yaml:15:13+4 there is no phase `redy`
     did you mean `ready`?
C010 .openshift/stacks/own/stack.yaml:16:17+7 there is no service `nothing`
     known here: `pod`, `php`, `nginx`, `mysql`, `redis`, `search`, `mail`, `cron`, `consumers` and `extra`
C010 .openshift/stacks/own/stack.yaml:20:14+4 there is no service `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:22:13+5 there is no phase `fetsh`
     did you mean `fetch`?
C010 .openshift/stacks/own/stack.yaml:23:15+1 there is no phase `x`
     known here: `fetch`, `assemble`, `install`, `upgrade`, `ready` and `extra`
C010 .openshift/stacks/own/stack.yaml:24:13+1 there is no service `y`
     known here: `pod`, `php`, `nginx`, `mysql`, `redis`, `search`, `mail`, `cron`, `consumers`, `extra` and `copy`
C010 .openshift/stacks/own/stack.yaml:25:14+1 there is no volume `z`
     known here: `mysql`, `redis` and `search`
C010 .openshift/stacks/own/stack.yaml:27:16+13 `composer.lock` is not one of the phase's `inputs`
     did you mean `composer.json`?
C010 .openshift/stacks/own/stack.yaml:29:33+7 there is no service `nothing`
     known here: `pod`, `php`, `nginx`, `mysql`, `redis`, `search`, `mail`, `cron`, `consumers`, `extra` and `copy`
C010 .openshift/stacks/own/stack.yaml:31:6+6 `{ur}` is not a placeholder
     known here: {url}, {secret:NAME}, {publish:SERVICE.PORT} and {route:LABEL}
C010 .openshift/stacks/own/stack.yaml:32:6+54 there is no secret `x`
     known here: `db-root-password`, `db-password`, `admin-password` and `crypt-key`
C010 .openshift/stacks/own/stack.yaml:32:6+54 the service `mysql` publishes no port `x`
     known here: `sql`
C010 .openshift/stacks/own/stack.yaml:32:6+54 the service `y` publishes no port `z`
     remove it: there is nothing to choose from
C010 .openshift/stacks/own/stack.yaml:32:6+54 no route has the label `x`
     known here: `extra` and `mail`
C010 .openshift/hooks/20-b.sh: a hook must stand in the directory of its phase
     known here: `hooks/assemble.d`, `hooks/extra.d`, `hooks/fetch.d`, `hooks/install.d`, `hooks/ready.d`, `hooks/upgrade.d` and `hooks/start.d`
C010 .openshift/hooks/instal.d/10-a.sh: there is no phase `instal`
     did you mean `hooks/install.d`?
C010 .openshift/hooks/install.d/deep/10-a.sh: hooks have no directories below that of their phase
     did you mean `hooks/install.d`?
");
}

#[test]
fn c011_out_of_range() {
    let directory = Directory::project(
        "stack: base\nshop: '>=99'\nports: { http: 0, https: 65536 }\ndomains: []\nsettings: { mode: prodction }\nservices:\n  php:\n    memory: 1M\n    code: \
         wriite\n    writable: [tmp, /tmp/, /a/../b]\n    stop: { signal: KILL, grace: 2h }\n  pod: { network: pod }\n",
    );
    assert_problems(&directory, r"
C011 shop.yaml:2:7+6 this project asks for shop >=99, this is 0.1.0
     install a version of shop in that range, or widen the range
C011 shop.yaml:3:16+1 `ports.http` is 0, outside its range
     choose a value from 1 to 65535
C011 shop.yaml:3:26+5 `ports.https` is 65536, outside its range
     choose a value from 1 to 65535
C011 shop.yaml:4:10+1 `domains` is empty
     name at least one host, or remove the key
C011 shop.yaml:5:19+9 `settings.mode` cannot be `prodction`
     did you mean `production`?
C011 shop.yaml:8:13+2 `services.php.memory` is 1M, outside its range
     choose a value from 8M to 1T
C011 shop.yaml:9:11+6 `services.php.code` cannot be `wriite`
     did you mean `write`?
C011 shop.yaml:10:16+3 `services.php.writable[0]` is `tmp`, which is no path in a container
     write it from the root and without a final slash, like `/run/mysqld`
C011 shop.yaml:10:21+5 `services.php.writable[1]` is `/tmp/`, which is no path in a container
     write it from the root and without a final slash, like `/run/mysqld`
C011 shop.yaml:10:28+7 `services.php.writable[2]` is `/a/../b`, which is no path in a container
     write it from the root and without a final slash, like `/run/mysqld`
C011 shop.yaml:11:21+4 `services.php.stop.signal` cannot be `KILL`
     known here: `TERM`, `QUIT`, `INT`, `HUP`, `USR1`, `USR2` and `WINCH`
C011 shop.yaml:11:34+2 `services.php.stop.grace` is 2h, outside its range
     choose a value from 0s to 1h
C011 shop.yaml:12:19+3 the pod cannot share its own network
     remove `network`
");
}

#[test]
fn c012_duplicate_keys() {
    let directory = Directory::project("name: demo\nstack: base\nname: other\nports: { http: 1, http: 2 }\n")
        .file("shop.local.yaml", "settings:\n  mode: production\nsettings:\n  mode: developer\n");
    assert_problems(&directory, r"
C012 shop.yaml:3:1+4 `name` stands twice, first in line 1
     keep one of the two
C012 shop.yaml:4:19+4 `http` stands twice, first in line 4
     keep one of the two
C012 shop.local.yaml:3:1+8 `settings` stands twice, first in line 1
     keep one of the two
");
}

#[test]
fn c013_unreadable() {
    let directory = Directory::project("stack: base\n").file("shop.local.yaml", [0xff, 0xfe]).file("secret", "x");
    let outside = directory.0.join("../outside");
    std::fs::write(&outside, "private").unwrap();
    std::fs::create_dir_all(directory.0.join(".openshift/files")).unwrap();
    std::os::unix::fs::symlink(&outside, directory.0.join(".openshift/files/key")).unwrap();
    std::os::unix::fs::symlink("../../secret", directory.0.join(".openshift/files/fine")).unwrap();
    std::os::unix::fs::symlink("/nowhere", directory.0.join(".openshift/files/broken")).unwrap();
    assert_problems(&directory, r"
C013 shop.local.yaml cannot be read: it is not UTF-8 text
     save it as UTF-8
C013 .openshift/files/broken cannot be read: No such file or directory (os error 2)
     replace it by a plain file that you may read, or remove it
C013 .openshift/files/key cannot be read: it is a link that leads out of its project or bookshelf
     replace it by a plain file that you may read, or remove it
");
}

#[test]
fn c014_templates() {
    let directory = Directory::project(
        "stack: base\nservices:\n  php:\n    env:\n      A: '{{ settings.databse }}'\n      B: '{{ name | nope }}'\n      C: '{{ name'\n      D: \"{{ writable | join(' ') }} {{ hosts[0] }}\"\n",
    )
    .file(".openshift/files/etc/x.conf.j2", "one\n  two {{ settings.nope }}\n")
    .file(".openshift/files/etc/y.conf.j2", [0xff]);
    assert_problems(&directory, r"
C014 shop.yaml:5:10+24 the template does not render: undefined value: `settings.databse` is undefined
     did you mean `settings.database`?
C014 shop.yaml:6:10+19 the template does not render: unknown filter: filter nope is unknown
     correct the template, or write `{{ '{{' }}` for two braces
C014 shop.yaml:7:10+9 the template does not render: syntax error: unexpected end of input, expected end of variable block
     correct the template, or write `{{ '{{' }}` for two braces
C014 .openshift/files/etc/x.conf.j2:2:3+23 the template does not render: undefined value: `settings.nope` is undefined
     did you mean `settings.mode`?
C014 .openshift/files/etc/y.conf.j2 is not UTF-8 text
     save it as UTF-8, or drop the suffix `.j2`
");
}

#[test]
fn c015_circles_of_needs() {
    let directory = Directory::project(
        "stack: magento2\nservices:\n  mysql: { needs: [redis] }\n  redis: { needs: [search] }\n  search: { after: [install] }\n  a: { like: b }\n  b: { like: a }\n",
    );
    assert_problems(&directory, r"
C015 shop.yaml:3:19+1 these wait for each other: install → mysql → redis → search → install
     remove one of them from `needs`, `after` or `follows`
C015 shop.yaml:7:14+1 services are like each other in a circle: a → b → a
     remove one `like`
");
}

#[test]
fn c016_replaced_images() {
    let directory =
        Directory::project("stack: base\n").file(".openshift/images/php/Dockerfile", "FROM php:8.4-fpm\nRUN true\n");
    assert_problems(&directory, r"
C016 .openshift/images/php/Dockerfile:1:1+16 this Dockerfile replaces the image: its last stage is built on `php:8.4-fpm` instead of on the base argument
     begin with `ARG BASE` and build the last stage `FROM ${BASE}`
");
}

#[test]
fn all_files_at_once() {
    let directory = Directory::project("nam: demo\nstack: own\nports: { http: x }\n")
        .file("shop.local.yaml", "settings: { mode: fast }\ndomains: [x]\n")
        .file("shop.lock", "version: 1\nports: { router.http: no }\nimage: {}\n")
        .file(".openshift/stacks/own/stack.yaml", "extends: base\nsummary: x\nservices:\n  php: { memory: x }\n");
    assert_problems(&directory, r"
C002 shop.yaml:1:1+3 `nam` is not a key of this file
     did you mean `name`?
C003 shop.yaml:3:16+1 `ports.http` must be a port, this is `x`
     write it like `8080`
C011 shop.local.yaml:1:19+4 `settings.mode` cannot be `fast`
     known here: `developer` and `production`
C004 shop.local.yaml:2:11+1 `x` is not a host name
     write a name such as `demo.localhost`, without scheme, port and path
C003 shop.lock:2:23+2 `ports.router.http` must be a port, this is `no`
     write it like `8080`
C002 shop.lock:3:1+5 `image` is not a key of this file
     did you mean `images`?
C003 .openshift/stacks/own/stack.yaml:4:18+1 `services.php.memory` must be a size, this is `x`
     write it like `768M`
");
}

#[test]
fn values_of_variables_are_never_shown() {
    let directory = Directory::project(
        "name: '${TOKEN}!'\nstack: own\nshop: '${TOKEN}'\ndomains: ['${TOKEN}', '${TOKEN}']\nports: { http: '${TOKEN}' }\nsettings: { mode: '${TOKEN}', database: '${TOKEN}' }\n\
         services:\n  php: { image: '${TOKEN}', memory: '${TOKEN}', code: '${TOKEN}', needs: ['${TOKEN}'], writable: ['${TOKEN}'], stop: { grace: '${TOKEN}' }, routes: [{ label: '${TOKEN}.', port: '${TOKEN}' }], env: { A: '{{ settings.database }}', B: '{{ settings.database + 1 }}' } }\n",
    )
    .file(".openshift/stacks/own/stack.yaml", "extends: base\nsummary: x\nservices:\n  nginx: { memory: '{{ settings.database }}' }\n");
    assert_problems(&directory, r#"
C004 shop.yaml:1:7+11 `${TOKEN}!` cannot be the name of a project
     use lower-case letters, digits and hyphens, at most 30, beginning with a letter
C003 shop.yaml:3:7+10 `${TOKEN}` is not a range of versions
     write it like `">=0.1"` or `"0.1"`
C004 shop.yaml:4:11+10 `${TOKEN}` is not a host name
     write a name such as `demo.localhost`, without scheme, port and path
C004 shop.yaml:4:23+10 `${TOKEN}` is not a host name
     write a name such as `demo.localhost`, without scheme, port and path
C003 shop.yaml:5:16+10 `ports.http` must be a port, this is `${TOKEN}`
     write it like `8080`
C011 shop.yaml:6:19+10 `settings.mode` cannot be `${TOKEN}`
     known here: `developer` and `production`
C010 shop.yaml:8:17+10 there is no image `${TOKEN}`
     known here: `pod`, `nginx`, `php`, `mysql`, `redis`, `search` and `mail`
C003 shop.yaml:8:37+10 `services.php.memory` must be a size, this is `${TOKEN}`
     write it like `768M`
C011 shop.yaml:8:55+10 `services.php.code` cannot be `${TOKEN}`
     known here: `none`, `read` and `write`
C010 shop.yaml:8:75+10 there is no service `${TOKEN}`
     known here: `pod`, `php`, `nginx`, `mysql`, `redis`, `search` and `mail`
C011 shop.yaml:8:99+10 `services.php.writable[0]` is `${TOKEN}`, which is no path in a container
     write it from the root and without a final slash, like `/run/mysqld`
C003 shop.yaml:8:127+10 `services.php.stop.grace` must be a duration, this is `${TOKEN}`
     write it like `60s`
C004 shop.yaml:8:159+11 `${TOKEN}.` cannot be the name of a route
     use lower-case letters, digits and hyphens, at most 30, beginning with a letter
C010 shop.yaml:8:178+10 the service `php` has no port `${TOKEN}`
     known here: `fastcgi`
C014 shop.yaml:8:233+29 the template does not render: invalid operation: tried to use + operator on unsupported types string and number
     correct the template, or write `{{ '{{' }}` for two braces
C003 .openshift/stacks/own/stack.yaml:4:20+25 `services.nginx.memory` must be a size, this is `${TOKEN}`
     write it like `768M`
"#);
}
