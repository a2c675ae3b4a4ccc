# Lets the tools that download during the build trust what the host trusts (a corporate proxy that intercepts HTTPS).
# Only the environment of this RUN names the bundle; nothing is added to the image's own /etc/ssl/certs.
host_ca=/host/ca.crt
if [ -s "$host_ca" ]; then
  export CURL_CA_BUNDLE="$host_ca" SSL_CERT_FILE="$host_ca" NODE_EXTRA_CA_CERTS="$host_ca" GIT_SSL_CAINFO="$host_ca"
fi
