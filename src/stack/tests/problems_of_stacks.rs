//! Golden tests: bad stacks, and several bad files at once.

use super::{Directory, TINY, assert_problems};

#[test]
fn c009_circles_of_stacks() {
    let directory = Directory::project("stack: one\n")
        .file(".openshift/stacks/one/stack.yaml", "extends: two\n")
        .file(".openshift/stacks/two/stack.yaml", "summary: x\nextends: one\n");
    assert_problems(
        &directory,
        r"
C009 .openshift/stacks/two/stack.yaml:2:10+3 stacks extend each other in a circle: one → two → one
     remove one `extends`
",
    );
}

#[test]
fn c010_unknown_references() {
    let directory = Directory::project("stack: own\n")
        .file(
            ".openshift/stacks/own/stack.yaml",
            "extends: magento2
summary: x
images:
  extra: { build: phpp }
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
  copy: { like: phpp, summary: x, image: php, memory: 64M }
phases:
  extra:
    summary: x
    service: phpp
    memory: 1G
    after: [fetsh]
    follows: [instal]
    needs: [rediss]
    writes: [mysqll]
    inputs: [composer.json]
    rewrites: [composer.lock]
commands:
  extra: { summary: x, service: phpp, run: [x] }
links:
  A: \"{ur}\"
  B: \"{secret:crypt-kee} {publish:mysql.x} {publish:y.z} {route:mial}\"
",
        )
        .file(".openshift/hooks/instal.d/10-a.sh", "#!/bin/sh\n")
        .file(".openshift/hooks/20-b.sh", "#!/bin/sh\n")
        .file(".openshift/hooks/install.d/deep/10-a.sh", "#!/bin/sh\n");
    assert_problems(
        &directory,
        r"
C010 .openshift/stacks/own/stack.yaml:4:19+4 there is no image directory `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:8:12+4 there is no image `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:11:31+10 there is no secret `db-pasword`
     did you mean `db-password`?
C010 .openshift/stacks/own/stack.yaml:12:16+3 the service `extra` has no port `web`
     describe it, or remove the name
C010 .openshift/stacks/own/stack.yaml:13:36+3 the service `extra` has no port `web`
     describe it, or remove the name
C010 .openshift/stacks/own/stack.yaml:14:13+6 there is no service `mysqll`
     did you mean `mysql`?
C010 .openshift/stacks/own/stack.yaml:15:13+4 there is no phase `redy`
     did you mean `ready`?
C010 .openshift/stacks/own/stack.yaml:16:17+4 there is no service `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:20:14+4 there is no service `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:22:13+5 there is no phase `fetsh`
     did you mean `fetch`?
C010 .openshift/stacks/own/stack.yaml:23:15+6 there is no phase `instal`
     did you mean `install`?
C010 .openshift/stacks/own/stack.yaml:24:13+6 there is no service `rediss`
     did you mean `redis`?
C010 .openshift/stacks/own/stack.yaml:25:14+6 there is no volume `mysqll`
     did you mean `mysql`?
C010 .openshift/stacks/own/stack.yaml:27:16+13 `composer.lock` is not one of the phase's `inputs`
     did you mean `composer.json`?
C010 .openshift/stacks/own/stack.yaml:29:33+4 there is no service `phpp`
     did you mean `php`?
C010 .openshift/stacks/own/stack.yaml:31:6+6 `{ur}` is not a placeholder
     known here: {url}, {secret:NAME}, {publish:SERVICE.PORT} and {route:LABEL}
C010 .openshift/stacks/own/stack.yaml:32:6+65 there is no secret `crypt-kee`
     did you mean `crypt-key`?
C010 .openshift/stacks/own/stack.yaml:32:6+65 the service `mysql` publishes no port `x`
     known here: `sql`
C010 .openshift/stacks/own/stack.yaml:32:6+65 the service `y` publishes no port `z`
     describe it, or remove the name
C010 .openshift/stacks/own/stack.yaml:32:6+65 no route has the label `mial`
     did you mean `mail`?
C010 .openshift/hooks/20-b.sh: a hook must stand in the directory of its phase
     move it into `hooks/PHASE.d/`
C010 .openshift/hooks/instal.d/10-a.sh: `instal.d` names no phase
     did you mean `hooks/install.d`?
C010 .openshift/hooks/install.d/deep/10-a.sh: a hook must stand right in the directory of its phase
     move it into `hooks/PHASE.d/`
",
    );
}

#[test]
fn c011_out_of_range() {
    let directory = Directory::project(
        "stack: base
shop: '>=99'
ports: { http: 0, https: 65536 }
domains: []
settings: { mode: prodction }
services:
  php:
    memory: 1M
    code: wriite
    writable: [tmp, /tmp/, /a/../b]
    stop: { signal: KILL, grace: 2h }
  pod: { network: pod }
",
    );
    assert_problems(
        &directory,
        r"
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
",
    );
}

#[test]
fn c012_duplicate_keys() {
    let directory = Directory::project("name: demo\nstack: base\nname: other\nports: { http: 1, http: 2 }\n")
        .file("shop.local.yaml", "settings:\n  mode: production\nsettings:\n  mode: developer\n");
    assert_problems(
        &directory,
        r"
C012 shop.yaml:3:1+4 `name` stands twice, first in line 1
     keep one of the two
C012 shop.yaml:4:19+4 `http` stands twice, first in line 4
     keep one of the two
C012 shop.local.yaml:3:1+8 `settings` stands twice, first in line 1
     keep one of the two
",
    );
}

#[cfg(unix)]
#[test]
fn c013_unreadable() {
    let directory = Directory::project("stack: base\n").file("shop.local.yaml", [0xff, 0xfe]).file("secret", "x");
    let outside = directory.0.join("../outside");
    std::fs::write(&outside, "private").unwrap();
    std::fs::create_dir_all(directory.0.join(".openshift/files")).unwrap();
    std::os::unix::fs::symlink(&outside, directory.0.join(".openshift/files/key")).unwrap();
    std::os::unix::fs::symlink("../../secret", directory.0.join(".openshift/files/fine")).unwrap();
    std::os::unix::fs::symlink("/nowhere", directory.0.join(".openshift/files/broken")).unwrap();
    assert_problems(
        &directory,
        r"
C013 shop.local.yaml cannot be read: it is not UTF-8 text
     save it as UTF-8
C013 .openshift/files/broken cannot be read: No such file or directory (os error 2)
     replace it by a plain file that you may read, or remove it
C013 .openshift/files/key cannot be read: it is a link that leads out of the project
     replace it by a plain file that you may read, or remove it
",
    );
}

#[test]
fn c014_templates() {
    let directory = Directory::project(
        "stack: base
services:
  php:
    env:
      A: '{{ settings.databse }}'
      B: '{{ name | nope }}'
      C: '{{ name'
      E: |
        one
        two {{ nam }}
      D: \"{{ writable | join(' ') }} {{ hosts[0] }}\"
",
    )
    .file(".openshift/files/etc/x.conf.j2", "one\n  two {{ settings.nope }}\n")
    .file(".openshift/files/etc/y.conf.j2", [0xff]);
    assert_problems(
        &directory,
        r"
C014 shop.yaml:5:10+24 the template does not render: undefined value: `settings.databse` is undefined
     did you mean `settings.database`?
C014 shop.yaml:6:10+19 the template does not render: unknown filter: filter nope is unknown
     correct the template, or write `{{ '{{' }}` for two braces
C014 shop.yaml:7:10+9 the template does not render: syntax error: unexpected end of input, expected end of variable block
     correct the template, or write `{{ '{{' }}` for two braces
C014 shop.yaml:10:9+13 the template does not render: undefined value: `nam` is undefined
     did you mean `name`?
C014 .openshift/files/etc/x.conf.j2:2:3+23 the template does not render: undefined value: `settings.nope` is undefined
     did you mean `settings.mode`?
C014 .openshift/files/etc/y.conf.j2 is not UTF-8 text
     save it as UTF-8, or drop the suffix `.j2`
",
    );
}

#[test]
fn c015_circles_of_needs() {
    let directory = Directory::project(
        "stack: magento2
services:
  mysql: { needs: [redis] }
  redis: { needs: [search] }
  search: { after: [install] }
  a: { like: b }
  b: { like: a }
",
    );
    assert_problems(
        &directory,
        r"
C015 shop.yaml:3:19+1 these wait for each other: install → mysql → redis → search → install
     remove one of them from `needs`, `after` or `follows`
C015 shop.yaml:7:14+1 services are like each other in a circle: a → b → a
     remove one `like`
",
    );
}

#[test]
fn c016_replaced_images() {
    let directory =
        Directory::project("stack: base\n").file(".openshift/images/php/Dockerfile", "FROM php:8.4-fpm\nRUN true\n");
    assert_problems(
        &directory,
        r"
C016 .openshift/images/php/Dockerfile:1:1+16 this Dockerfile replaces the image: its last stage is built on `php:8.4-fpm` instead of on the base argument
     begin with `ARG BASE` and build the last stage `FROM ${BASE}`
",
    );
}

#[test]
fn all_files_at_once() {
    let directory = Directory::project("nam: demo\nstack: own\nports: { http: x }\n")
        .file("shop.local.yaml", "settings: { mode: fast }\ndomains: [x]\n")
        .file("shop.lock", "version: 1\nports: { router.http: no }\nimage: {}\n")
        .file(".openshift/stacks/own/stack.yaml", "extends: base\nsummary: x\nservices:\n  php: { memory: x }\n");
    assert_problems(
        &directory,
        r"
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
",
    );
}

#[test]
fn values_of_variables_are_never_shown() {
    let directory = Directory::project(
        "name: '${TOKEN}!'
stack: tiny
shop: '${TOKEN}'
domains: ['${TOKEN}', '${TOKEN}']
ports: { http: '${TOKEN}' }
settings: { mode: '${TOKEN}', color: '${TOKEN}' }
services:
  web:
    image: '${TOKEN}'
    memory: '${TOKEN}'
    code: '${TOKEN}'
    needs: ['${TOKEN}']
    writable: ['${TOKEN}']
    stop: { grace: '${TOKEN}' }
    routes: [{ label: '${TOKEN}.', port: '${TOKEN}' }]
    env: { A: '{{ settings.color + 1 }}' }
  store:
    memory: '{{ settings.color }}'
",
    )
    .file(".openshift/stacks/tiny/stack.yaml", TINY);
    assert_problems(
        &directory,
        r#"
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
     known here: `slow` and `fast`
C010 shop.yaml:9:12+10 there is no image `${TOKEN}`
     known here: `php`
C003 shop.yaml:10:13+10 `services.web.memory` must be a size, this is `${TOKEN}`
     write it like `768M`
C011 shop.yaml:11:11+10 `services.web.code` cannot be `${TOKEN}`
     known here: `none`, `read` and `write`
C010 shop.yaml:12:13+10 there is no service `${TOKEN}`
     known here: `web` and `store`
C011 shop.yaml:13:16+10 `services.web.writable[0]` is `${TOKEN}`, which is no path in a container
     write it from the root and without a final slash, like `/run/mysqld`
C003 shop.yaml:14:20+10 `services.web.stop.grace` must be a duration, this is `${TOKEN}`
     write it like `60s`
C004 shop.yaml:15:23+11 `${TOKEN}.` cannot be the name of a route
     use lower-case letters, digits and hyphens, at most 30, beginning with a letter
C010 shop.yaml:15:42+10 the service `web` has no port `${TOKEN}`
     known here: `http`
C014 shop.yaml:16:15+26 the template does not render: invalid operation: tried to use + operator on unsupported types string and number
     correct the template, or write `{{ '{{' }}` for two braces
C003 shop.yaml:18:13+22 `services.store.memory` must be a size, this is `${TOKEN}`
     write it like `768M`
"#,
    );
}
