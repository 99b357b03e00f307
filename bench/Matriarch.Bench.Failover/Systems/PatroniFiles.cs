using System.Globalization;
using System.Text;
using Matriarch.TestKit;

namespace Matriarch.Bench.Failover;

/// <summary>The configuration of Patroni and of the HAProxy in front of it.</summary>
internal static class PatroniFiles
{
    private const int RestPort = 8008;

    /// <summary>A path of a node's REST API.</summary>
    public static Uri Rest(string node, string path) => new(string.Create(
        CultureInfo.InvariantCulture, $"http://{LabNetwork.Address(node)}:{RestPort}{path}"));

    /// <summary>
    /// One node. Parameters are those that Matriarch sets too, so that both run the same PostgreSQL; no socket, because
    /// the nodes share a file system.
    /// </summary>
    public static string Patroni(LabPlace place, string node, string password, PeerTempo tempo) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        scope: bench
        name: {{node}}
        restapi:
          listen: {{LabNetwork.Address(node)}}:{{RestPort}}
          connect_address: {{LabNetwork.Address(node)}}:{{RestPort}}
        etcd3:
          hosts: {{EtcdServer.Endpoint}}
        bootstrap:
          dcs:
            ttl: {{tempo.Ttl}}
            loop_wait: {{tempo.LoopWait}}
            retry_timeout: {{tempo.RetryTimeout}}
            synchronous_mode: true
            synchronous_mode_strict: true
            postgresql:
              use_pg_rewind: true
              use_slots: true
          initdb:
            - encoding: UTF8
            - locale: C
        postgresql:
          listen: {{LabNetwork.Address(node)}}:{{LabPlace.PostgresPort}}
          connect_address: {{LabNetwork.Address(node)}}:{{LabPlace.PostgresPort}}
          data_dir: "{{place.File(node)}}/data"
          bin_dir: "{{PostgresPrograms.Directory}}"
          pgpass: "{{place.File(node)}}/pgpass"
          authentication:
            superuser: { username: postgres, password: "{{password}}" }
            replication: { username: replicator, password: "{{password}}" }
            rewind: { username: rewinder, password: "{{password}}" }
          pg_hba:
            - host all all 0.0.0.0/0 scram-sha-256
            - host replication all 0.0.0.0/0 scram-sha-256
          parameters:
            unix_socket_directories: ""
            password_encryption: scram-sha-256
            wal_level: logical
            wal_log_hints: "on"

        """);

    /// <summary>
    /// The proxy as Patroni's documentation shows it: its REST API says which server takes the connections, and
    /// connections to a server that is not the one any more are ended. It looks each second.
    /// </summary>
    public static string Haproxy(int port)
    {
        var text = new StringBuilder("""
            global
                maxconn 200
            defaults
                mode tcp
                retries 2
                timeout client 30m
                timeout connect 4s
                timeout server 30m
                timeout check 5s

            """);
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            listen primary
                bind {LabNetwork.Address(LabNetwork.Client)}:{port}
                option httpchk OPTIONS /primary
                http-check expect status 200
                default-server inter 1s fall 3 rise 2 on-marked-down shutdown-sessions

            """);
        foreach (var node in LabNetwork.Nodes)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    server {node} {LabNetwork.Address(node)}:{LabPlace.PostgresPort} maxconn 100 "
                + $"check port {RestPort}\n");
        }

        return text.ToString();
    }
}
