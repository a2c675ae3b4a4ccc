# Turns the downloaded tree into what the image runs: our configuration, no launchers, no tools.
set -eu
home=/usr/share/opensearch
cp -R /image/opensearch "$home"
install -m 0644 /image/opensearch.yml /image/log4j2.properties /image/java.args "$home/config/"

# Must exist before the first start, which cannot write here.
JAVA_HOME=$(dirname "$(dirname "$(readlink -f /usr/bin/java)")") "$home/bin/opensearch-keystore" create > /dev/null
chmod 0640 "$home/config/opensearch.keystore"

# The empty bin stays: OpenSearch makes sure at each start that it exists.
rm -r "$home"/bin/* "$home/lib/tools" "$home/config/jvm.options" "$home/config/jvm.options.d"

# The archive for heaps above 32 GB.
rm -f /usr/lib/jvm/*/lib/server/classes_nocoops.jsa
