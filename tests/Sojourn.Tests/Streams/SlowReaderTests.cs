using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sojourn.Server.Streams;
using Sojourn.Testing;
using Sojourn.Tests.Server;

namespace Sojourn.Tests.Streams;

/// <summary>Those who ask for much and read little.</summary>
public sealed class SlowReaderTests
{
    private readonly ManualClock _clock = new();
    private readonly Pipe _connection = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
    private int _cuts;

    [Fact]
    public async Task No_more_than_a_piece_waits_for_one_who_does_not_read()
    {
        var writing = Pieces().WriteAsync(new byte[4 << 20]).AsTask();

        writing.IsCompleted.ShouldBeFalse();
        var read = await _connection.Reader.ReadAsync();
        read.Buffer.Length.ShouldBe(AnswerPieces.Piece);
        _connection.Reader.AdvanceTo(read.Buffer.End);
        read = await _connection.Reader.ReadAsync();
        read.Buffer.Length.ShouldBe(AnswerPieces.Piece);
        await _connection.Reader.CompleteAsync();
        (await writing).ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_reads_gets_all_of_it_however_long_that_takes()
    {
        var sent = new byte[1 << 20];
        new Random(1).NextBytes(sent);
        var pieces = Pieces();
        var writing = SendAsync();
        using var got = new MemoryStream();
        while (got.Length < sent.Length)
        {
            var read = await _connection.Reader.ReadAsync();
            _clock.Advance(AnswerPieces.Patience - TimeSpan.FromTicks(1));
            foreach (var part in read.Buffer)
                got.Write(part.Span);
            _connection.Reader.AdvanceTo(read.Buffer.End);
        }

        await writing;
        got.ToArray().ShouldBe(sent);
        _cuts.ShouldBe(0);

        async Task SendAsync() => ((await pieces.WriteAsync(sent)) && await pieces.FlushAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task One_who_does_not_take_a_piece_in_time_is_cut_off()
    {
        var writing = Pieces().WriteAsync(new byte[1 << 20]).AsTask();
        _clock.Advance(AnswerPieces.Patience - TimeSpan.FromTicks(1));
        writing.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromTicks(1));
        (await writing).ShouldBeFalse();
        _cuts.ShouldBe(1);
    }

    [Fact]
    public async Task One_who_does_not_keep_up_is_cut_off_when_the_answer_is_to_end()
    {
        using var stop = new CancellationTokenSource();
        var writing = Pieces(stop.Token).WriteAsync(new byte[1 << 20]).AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => writing);
        _cuts.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&live=sse")]
    [InlineData("&live=long-poll")]
    public async Task One_who_does_not_read_does_not_hold_up_the_servers_end(string live)
    {
        const int Length = 16 << 20;
        await using var server = await ServerUnderTest.StartAsync(options => options.Streams.MaxAppendBytes = Length);
        using var put = new ByteArrayContent(new byte[Length]);
        put.Headers.ContentType = new("text/plain");
        using var made = await server.Http.PutAsync("/v1/streams/a", put);
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var socket = new TcpClient { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        await using var wire = socket.GetStream();
        await wire.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/streams/a?offset=-1{live} HTTP/1.1\r\nHost: {server.Url.Authority}\r\n"
            + $"Authorization: Bearer {ServerUnderTest.Key}\r\n\r\n"));
        var some = new byte[1024];
        var got = (long)await wire.ReadAsync(some);

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        // All that lies between here and there is read, and then it is over.
        try
        {
            for (int more; (more = await wire.ReadAsync(some)) > 0;)
                got += more;
        }
        catch (IOException)
        {
            // Reset: just as good.
        }

        got.ShouldBeLessThan(Length);
    }

    private AnswerPieces Pieces(CancellationToken stop = default) =>
        new(_connection.Writer, _clock, () => _cuts++, stop);
}
