/** Something that a log says, as it says it. */
export interface LogLine {
  readonly what: string;
  readonly line: string;
}

/** What a log says of those who are turned away, and what it says all day besides. */
export interface RefusedLines {
  /** What is counted, as the subject of a finding. */
  readonly of: string;
  readonly refused: readonly LogLine[];
  readonly ordinary: readonly LogLine[];
}

/** RDS begins each line with time, address, user, database and process. */
const server = (who: string, text: string) => `2026-03-02 12:00:00 UTC:10.20.3.7(41822):${who}:[2211]:${text}`;

/**
 * The server's log of an Aurora PostgreSQL cluster. A token of IAM is checked by PAM.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_LogAccess.Concepts.PostgreSQL.overview.parameter-groups.html
 */
export const databaseLines: RefusedLines = {
  of: 'failed sign-ins to the database',
  refused: [
    {
      what: 'a wrong password',
      line: server('clinic@app', 'FATAL:  password authentication failed for user "clinic"'),
    },
    { what: 'a wrong token', line: server('clinic@app', 'FATAL:  PAM authentication failed for user "clinic"') },
    {
      what: 'a session without encryption',
      line: server(
        'clinic@app',
        'FATAL:  no pg_hba.conf entry for host "10.20.3.7", user "clinic", database "app", no encryption',
      ),
    },
    { what: 'a user that does not exist', line: server('intruder@app', 'FATAL:  role "intruder" does not exist') },
    {
      what: 'a database of somebody else',
      line: server('clinic@other', 'FATAL:  permission denied for database "other"'),
    },
  ],
  ordinary: [
    {
      what: 'a connection',
      line: server('[unknown]@[unknown]', 'LOG:  connection received: host=10.20.3.7 port=41822'),
    },
    {
      what: 'a sign-in',
      line: server(
        'clinic@app',
        'LOG:  connection authorized: user=clinic database=app SSL enabled (protocol=TLSv1.3)',
      ),
    },
    {
      what: 'the end of a session',
      line: server(
        'clinic@app',
        'LOG:  disconnection: session time: 0:00:01.204 user=clinic database=app host=10.20.3.7',
      ),
    },
    {
      what: 'a statement that fails',
      line: server('clinic@app', 'ERROR:  duplicate key value violates unique constraint "client_pkey"'),
    },
    {
      what: 'a shutdown',
      line: server('clinic@app', 'FATAL:  terminating connection due to administrator command'),
    },
  ],
};

const alert = (action: string) => ({
  firewall_name: 'egress',
  availability_zone: 'eu-central-1a',
  event_timestamp: '1772452800',
  event: {
    timestamp: '2026-03-02T12:00:00.000000+0000',
    event_type: 'alert',
    src_ip: '10.20.3.7',
    dest_ip: '198.51.100.7',
    dest_port: 443,
    proto: 'TCP',
    alert: { action, signature_id: 2, signature: 'aws:alert_established action' },
  },
});

/**
 * The log of alerts of a network firewall.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
 */
export const firewallLines: RefusedLines = {
  of: 'connections that the firewall blocks',
  refused: [{ what: 'a connection that is blocked', line: JSON.stringify(alert('blocked')) }],
  ordinary: [{ what: 'a connection that is let through', line: JSON.stringify(alert('allowed')) }],
};

const question = {
  version: '1.100000',
  vpc_id: 'vpc-0a1b2c3d4e5f60718',
  query_timestamp: '2026-03-02T12:00:00Z',
  query_name: 'example.com.',
  query_type: 'A',
  rcode: 'NOERROR',
  srcaddr: '10.20.3.7',
};

/**
 * The log of what was asked of the resolver.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 */
export const resolverLines: RefusedLines = {
  of: 'names that the resolver refuses',
  refused: [{ what: 'a name that is blocked', line: JSON.stringify({ ...question, firewall_rule_action: 'BLOCK' }) }],
  ordinary: [{ what: 'a name that is resolved', line: JSON.stringify(question) }],
};

const record = (action: string) =>
  `2 111122223333 eni-0a1b2c3d4e5f60718 10.20.3.7 10.20.9.5 41822 5432 6 3 180 1772452800 1772452860 ${action} OK 10.20.3.7 10.20.9.5 ingress 2`;

/**
 * A flow log in the default format, whatever follows it.
 *
 * Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
 */
export const flowLines: RefusedLines = {
  of: 'rejected connections',
  refused: [{ what: 'a rejected connection', line: record('REJECT') }],
  ordinary: [{ what: 'an accepted connection', line: record('ACCEPT') }],
};
