# Puts OpenSearch together from Maven Central: the core distribution and the modules that Magento's mappings, analyzers
# and scripts need. curl downloads, so the host's CA reaches it by CURL_CA_BUNDLE and no Java truststore is needed.
set -eu
home=/opensearch
download=$scratch/download
mkdir -p "$home" "$download"

grep -v '^#' /image/artifacts | while read -r sum path directory; do
  file=$download/${path##*/}
  curl -fsSL --retry 3 --retry-connrefused -o "$file" "$MAVEN/$path" ||
    { echo "cannot download $MAVEN/$path" >&2; exit 1; }
  echo "$sum  $file" | sha256sum -c --quiet ||
    { echo "$MAVEN/$path is not the file this image was made for" >&2; exit 1; }
  case $file in
    *.zip) unzip -q "$file" -d "$download/tree" && mv "$download"/tree/*/* "$home/" ;;
    *) install -D -m 0644 -t "$home/$directory" "$file" ;;
  esac
done

cp -R /image/modules "$home/"

# A tmpfs is mounted noexec, where Java could not load what it unpacks; so the native part of JNA is unpacked here.
unzip -q -j -o -d "$home/lib/native" "$home"/lib/jna-*.jar "com/sun/jna/linux-$(uname -m | sed 's/_/-/')/libjnidispatch.so"
