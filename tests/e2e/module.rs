//! A module that somebody adds to a shop: one table, and a patch that fills it.

use crate::support::Project;

/// As it stands in config.php.
pub(crate) const NAME: &str = "Acme_Notes";

const REGISTRATION: &str = "<?php
\\Shopkeeper\\Framework\\Component\\ComponentRegistrar::register(
    \\Shopkeeper\\Framework\\Component\\ComponentRegistrar::MODULE, 'Acme_Notes', __DIR__
);
";

const MODULE: &str = r#"<?xml version="1.0"?>
<config><module name="Acme_Notes" setup_version="1.0.0"/></config>
"#;

const SCHEMA: &str = r#"<?xml version="1.0"?>
<schema xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <table name="acme_note" resource="default" engine="innodb" comment="Notes">
        <column xsi:type="int" name="note_id" unsigned="true" nullable="false" identity="true" comment="Note ID"/>
        <column xsi:type="varchar" name="text" nullable="false" length="255" comment="Text"/>
        <constraint xsi:type="primary" referenceId="PRIMARY">
            <column name="note_id"/>
        </constraint>
    </table>
</schema>
"#;

const PATCH: &str = "<?php

namespace Acme\\Notes\\Setup\\Patch\\Data;

use Shopkeeper\\Framework\\Db\\Connection;
use Shopkeeper\\Framework\\Setup\\Patch\\DataPatchInterface;

class AddFirstNote implements DataPatchInterface
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public static function getDependencies(): array
    {
        return [];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        $this->connection->insert('acme_note', ['text' => 'first']);
    }
}
";

/// Puts its files into a project.
pub(crate) fn write(project: &Project<'_>) {
    for (path, text) in [
        ("registration.php", REGISTRATION),
        ("etc/module.xml", MODULE),
        ("etc/db_schema.xml", SCHEMA),
        ("Setup/Patch/Data/AddFirstNote.php", PATCH),
    ] {
        project.write(&format!("app/code/Acme/Notes/{path}"), text);
    }
}

/// Adds it to the modules of config.php.
pub(crate) fn enable(project: &Project<'_>) {
    let config = project.read("app/etc/config.php");
    let (before, after) = config.split_once("'modules' => [\n").expect("config.php has a list of modules");
    project.write("app/etc/config.php", &format!("{before}'modules' => [\n        '{NAME}' => 1,\n{after}"));
}

/// What its table holds.
pub(crate) fn rows(shop: &Project<'_>) -> String {
    shop.sql("SELECT GROUP_CONCAT(text) FROM acme_note")
}
