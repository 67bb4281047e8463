/**
 * Shell script with which the container of the proxy starts: writes the configuration from `PROXY_CONFIGURATION`, makes a key and a
 * certificate for it, and becomes nginx. The image needs a shell, `openssl` and nginx 1.22 or later.
 *
 * The key is made in the task and never leaves it. Nobody vouches for the certificate, and nobody asks: a load balancer does not verify the
 * certificates of its targets. So this leg is encrypted and not authenticated; that only the load balancer comes in, and only to the
 * tasks, is left to the security groups and to the VPC, which does not deliver packets under a foreign address.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 *
 * @param directory writable folder, the same as in the configuration
 */
export function proxyStart(directory: string): string {
  const key = `-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${directory}/key.pem`;
  return [
    'set -eu',
    'umask 077',
    `mkdir -p ${directory}`,
    `printf '%s' "$PROXY_CONFIGURATION" > ${directory}/nginx.conf`,
    `openssl req -x509 ${key} -days 3650 -subj /CN=proxy -out ${directory}/certificate.pem 2>/dev/null`,
    'unset PROXY_CONFIGURATION',
    `exec nginx -e stderr -p ${directory} -c ${directory}/nginx.conf -g 'daemon off;'`,
  ].join('\n');
}

/** Shell command that succeeds while the proxy shakes hands. */
export function proxyIsUp(port: number): string {
  return `openssl s_client -connect 127.0.0.1:${port} </dev/null >/dev/null 2>&1`;
}
