# A search engine whose data was lost has no index, whatever the database says.

# Random value of the engine's data; nothing when it does not tell.
data() {
  php -n -d default_socket_timeout=10 -r '
    $uuid = json_decode((string) @file_get_contents("http://search:9200/"))->cluster_uuid ?? "_na_";
    echo $uuid === "_na_" ? "" : $uuid;'
}

check() {
  now=$(data) || :
  [ -z "$now" ] || remembers_text search "$now"
}

perform() {
  # The first time all indexes are invalid anyway.
  ! remembers search || magento indexer:reset --no-ansi catalogsearch_fulltext
  remember search "$now"
}

verify() { check; }
