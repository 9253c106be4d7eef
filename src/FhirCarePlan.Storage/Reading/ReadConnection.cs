using FhirCarePlan.Storage.Engine;

namespace FhirCarePlan.Storage.Reading;

/// <summary>A connection for reading, with what it keeps between two snapshots.</summary>
internal sealed class ReadConnection(Connection connection) : IDisposable
{
    public Connection Connection => connection;
    public SearchReader Search { get; } = new(connection);
    public void Dispose() => connection.Dispose();
}
