/** What the CIS Kubernetes Benchmark asks of the flags of the control plane, for which Checkov and Trivy have rules too. */
export interface FlagWish {
  /** Flags that go together; the first one that is not as it should be is told. */
  readonly flags: readonly string[];
  /** Judges a flag's value; undefined where the flag is not given, `true` where it stands alone. */
  readonly good: (value: string | undefined) => boolean;
  /** What it means as it is: goes on from `--flag=value: `. */
  readonly otherwise: string;
  readonly peers: readonly string[];
  /** Where this flag is given, it names a file that says the same. */
  readonly unless?: string;
}

type Test = FlagWish['good'];

const given: Test = (value) => value !== undefined && value !== '';
const absent: Test = (value) => value === undefined;
const off: Test = (value) => value === 'false';
const on: Test = (value) => value === 'true';
const notOff: Test = (value) => value !== 'false';
const notOn: Test = (value) => value !== 'true';
const notZero: Test = (value) => value !== '0' && value !== '0s';
const zeroIfGiven: Test = (value) => value === undefined || value === '0';
const atLeast = (least: number): Test => {
  return (value) => Number(value) >= least;
};
const listed = (word: string): Test => {
  return (value) => value?.split(',').includes(word) === true;
};
const notListed = (word: string): Test => {
  return (value) => !listed(word)(value);
};
const local: Test = (value) => value === '127.0.0.1' || value === '::1' || value === 'localhost';

/** Suites of TLS without a broken cipher, and with a key exchange of its own for each connection, or those of TLS 1.3. */
const strong: Test = (value) =>
  value === undefined ||
  value.split(',').every((suite) => /^TLS_(?:(?:AES|CHACHA20)_|ECDHE_.*_(?:GCM_|CHACHA20_POLY1305))/.test(suite));

const files = (flags: readonly string[], otherwise: string, peers: readonly string[]): FlagWish => {
  return { flags, good: given, otherwise, peers };
};
const wish = (flag: string, good: Test, otherwise: string, peers: readonly string[], unless?: string): FlagWish => {
  return { flags: [flag], good, otherwise, peers, ...(unless !== undefined && { unless }) };
};

const profiling = 'its profiles tell whoever reaches the port what it is doing';
const bound = 'it answers on every address of the node';

export const flagWishes: Readonly<Record<string, readonly FlagWish[]>> = {
  'kube-apiserver': [
    wish(
      'anonymous-auth',
      off,
      'requests without credentials are taken as those of system:anonymous',
      ['checkov CKV_K8S_68', 'trivy KCV-0001', 'kubescape C-0113', 'kics anonymous_auth_is_not_set_to_false'],
      'authentication-config',
    ),
    wish('basic-auth-file', absent, 'passwords stand in a file, and change only with a restart', [
      'checkov CKV_K8S_69',
      'kics basic_auth_file_is_set',
    ]),
    wish('token-auth-file', absent, 'tokens stand in a file, never end, and change only with a restart', [
      'checkov CKV_K8S_70',
      'trivy KCV-0002',
      'kubescape C-0114',
    ]),
    wish('kubelet-https', notOff, 'it talks to kubelets without TLS', ['checkov CKV_K8S_71', 'trivy KCV-0004']),
    files(['kubelet-client-certificate', 'kubelet-client-key'], 'kubelets cannot tell who asks them', [
      'checkov CKV_K8S_72',
      'trivy KCV-0005',
      'kubescape C-0116',
    ]),
    wish('kubelet-certificate-authority', given, 'nobody checks that it is a kubelet that answers', [
      'checkov CKV_K8S_73',
      'trivy KCV-0006',
      'kubescape C-0117',
    ]),
    wish(
      'authorization-mode',
      notListed('AlwaysAllow'),
      'everybody may do everything',
      ['checkov CKV_K8S_74', 'trivy KCV-0007', 'kubescape C-0118', 'kics authorization_mode_set_to_always_allow'],
      'authorization-config',
    ),
    wish(
      'authorization-mode',
      listed('Node'),
      'a kubelet may read more than what its own node needs',
      ['checkov CKV_K8S_75', 'trivy KCV-0008', 'kubescape C-0119', 'kics authorization_mode_node_not_set'],
      'authorization-config',
    ),
    wish(
      'authorization-mode',
      listed('RBAC'),
      'roles and their bindings are not asked',
      ['checkov CKV_K8S_77', 'trivy KCV-0009', 'kubescape C-0120', 'kics authorization_mode_rbac_not_set'],
      'authorization-config',
    ),
    wish('enable-admission-plugins', notListed('AlwaysAdmit'), 'AlwaysAdmit admits whatever is asked', [
      'checkov CKV_K8S_79',
      'trivy KCV-0011',
      'kubescape C-0122',
      'kics always_admit_admission_control_plugin_set',
    ]),
    wish('enable-admission-plugins', listed('NodeRestriction'), 'a kubelet may change other nodes and their pods', [
      'checkov CKV_K8S_85',
      'trivy KCV-0016',
    ]),
    wish('enable-admission-plugins', listed('EventRateLimit'), 'nothing limits how many events are written', [
      'checkov CKV_K8S_78',
      'trivy KCV-0010',
      'kubescape C-0121',
    ]),
    wish('enable-admission-plugins', listed('AlwaysPullImages'), 'a node runs images that it has for pods of others', [
      'checkov CKV_K8S_80',
      'trivy KCV-0012',
      'kubescape C-0123',
      'kics always_pull_images_admission_control_plugin_not_set',
    ]),
    wish('disable-admission-plugins', notListed('ServiceAccount'), 'pods get no service account', [
      'checkov CKV_K8S_82',
      'trivy KCV-0014',
    ]),
    wish('disable-admission-plugins', notListed('NamespaceLifecycle'), 'objects go into namespaces that are ending', [
      'checkov CKV_K8S_83',
      'trivy KCV-0015',
    ]),
    wish('insecure-bind-address', absent, 'the port without TLS and without credentials is open on it', [
      'checkov CKV_K8S_86',
    ]),
    wish('insecure-port', zeroIfGiven, 'this port asks for no credentials', ['checkov CKV_K8S_88', 'kubescape C-0005']),
    wish('secure-port', notZero, 'there is no port with TLS', ['checkov CKV_K8S_89', 'trivy KCV-0017']),
    wish('profiling', off, profiling, ['checkov CKV_K8S_90', 'trivy KCV-0018']),
    wish('audit-log-path', given, 'nobody can tell who did what', [
      'checkov CKV_K8S_91',
      'trivy KCV-0019',
      'kics audit_log_path_not_set',
    ]),
    wish('audit-log-maxage', atLeast(30), 'audit logs are wanted for 30 days', [
      'checkov CKV_K8S_92',
      'trivy KCV-0020',
      'kics audit_log_maxage_not_properly_set',
    ]),
    wish('audit-log-maxbackup', atLeast(10), '10 old audit logs are wanted', [
      'checkov CKV_K8S_93',
      'trivy KCV-0021',
      'kics audit_log_maxbackup_not_properly_set',
    ]),
    wish('audit-log-maxsize', atLeast(100), 'audit logs of 100 MB are wanted', [
      'checkov CKV_K8S_94',
      'trivy KCV-0022',
      'kics audit_log_maxsize_not_properly_set',
    ]),
    wish('service-account-lookup', notOff, 'tokens of deleted service accounts are still good', [
      'checkov CKV_K8S_96',
      'trivy KCV-0024',
    ]),
    wish('service-account-key-file', given, 'tokens are checked with the key of its own TLS', [
      'checkov CKV_K8S_97',
      'trivy KCV-0025',
    ]),
    files(['etcd-certfile', 'etcd-keyfile'], 'etcd cannot tell that it is the API server', [
      'checkov CKV_K8S_99',
      'trivy KCV-0026',
    ]),
    files(['tls-cert-file', 'tls-private-key-file'], 'its certificate is one that it signed itself', [
      'checkov CKV_K8S_100',
      'trivy KCV-0027',
    ]),
    wish('client-ca-file', given, 'clients cannot show a certificate', ['trivy KCV-0028']),
    wish('etcd-cafile', given, 'nobody checks that it is etcd that answers', ['checkov CKV_K8S_102', 'trivy KCV-0029']),
    wish('encryption-provider-config', given, 'Secrets lie in etcd as they are', [
      'checkov CKV_K8S_104',
      'trivy KCV-0030',
    ]),
    wish('tls-cipher-suites', strong, 'one of these is weak', ['checkov CKV_K8S_105']),
  ],
  'kube-controller-manager': [
    wish('terminated-pod-gc-threshold', atLeast(1), 'pods that ended are kept', [
      'checkov CKV_K8S_106',
      'trivy KCV-0033',
    ]),
    wish('profiling', off, profiling, ['checkov CKV_K8S_107']),
    wish('use-service-account-credentials', on, 'each controller may do what any of them may', [
      'checkov CKV_K8S_108',
      'trivy KCV-0035',
    ]),
    wish('service-account-private-key-file', given, 'it makes no tokens for service accounts', [
      'checkov CKV_K8S_110',
      'trivy KCV-0036',
    ]),
    wish('root-ca-file', given, 'pods cannot check that it is the API server that answers', [
      'checkov CKV_K8S_111',
      'trivy KCV-0037',
    ]),
    wish('feature-gates', notListed('RotateKubeletServerCertificate=false'), 'kubelets keep an ended certificate', [
      'checkov CKV_K8S_112',
      'trivy KCV-0038',
    ]),
    wish('bind-address', local, bound, ['checkov CKV_K8S_113', 'trivy KCV-0039', 'kics bind_address_not_properly_set']),
  ],
  'kube-scheduler': [
    wish('profiling', off, profiling, ['checkov CKV_K8S_114'], 'config'),
    wish('bind-address', local, bound, ['checkov CKV_K8S_115', 'trivy KCV-0041', 'kics bind_address_not_properly_set']),
  ],
  etcd: [
    files(['cert-file', 'key-file'], 'clients talk to it without TLS', ['checkov CKV_K8S_116', 'trivy KCV-0042']),
    wish('client-cert-auth', on, 'whoever reaches it reads and writes all of the cluster', [
      'checkov CKV_K8S_117',
      'trivy KCV-0043',
    ]),
    wish('auto-tls', notOn, 'its certificate is one that it signed itself', [
      'checkov CKV_K8S_118',
      'trivy KCV-0044',
      'kics auto_tls_set_to_true',
    ]),
    files(['peer-cert-file', 'peer-key-file'], 'members talk to each other without TLS', [
      'checkov CKV_K8S_119',
      'trivy KCV-0045',
    ]),
    wish('peer-client-cert-auth', on, 'whoever reaches it can be a member', ['checkov CKV_K8S_121', 'trivy KCV-0046']),
    wish('peer-auto-tls', notOn, 'members trust certificates that they signed themselves', ['trivy KCV-0047']),
  ],
  kubelet: [
    wish('anonymous-auth', notOn, 'requests without credentials are taken', ['checkov CKV_K8S_138']),
    wish('authorization-mode', notListed('AlwaysAllow'), 'everybody may do everything on the node', [
      'checkov CKV_K8S_139',
    ]),
    wish('read-only-port', zeroIfGiven, 'this port asks for no credentials', ['checkov CKV_K8S_141']),
    wish('streaming-connection-idle-timeout', notZero, 'idle connections are never closed', ['checkov CKV_K8S_143']),
    wish('protect-kernel-defaults', notOff, 'the kubelet changes settings of the kernel', ['checkov CKV_K8S_144']),
    wish('make-iptables-util-chains', notOff, 'rules of the firewall are not kept up', ['checkov CKV_K8S_145']),
    wish('hostname-override', absent, 'the name may not be that of its certificate', ['checkov CKV_K8S_146']),
    wish('rotate-certificates', notOff, 'its certificate ends and is not renewed', ['checkov CKV_K8S_149']),
    wish('tls-cipher-suites', strong, 'one of these is weak', ['checkov CKV_K8S_151']),
  ],
};
