using FhirCarePlan.Server.Http.Limits;

namespace FhirCarePlan.Server.Http;

/// <summary>The body of an answer that is written while it is made. While the client fetches a piece, the turn of heavy work is others', so a
/// slow client holds nobody up; each piece is paid for as it leaves.</summary>
internal sealed class PiecewiseBody(Stream body, Load load) : Stream
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel = default)
    {
        load.EndTurn();
        await body.WriteAsync(piece, cancel);
        await body.FlushAsync(cancel);
        load.Charge(piece.Length, 0);
        while (await load.TakeTurn(cancel) != null)
        {
            // What has begun goes on when there is room again.
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        await base.DisposeAsync();
    }

    public override void Flush() => body.Flush();
    public override void Write(byte[] buffer, int offset, int count) => body.Write(buffer, offset, count);
    public override bool CanWrite => true;
    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
