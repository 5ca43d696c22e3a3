using Microsoft.AspNetCore.Http;
using Sojourn.Kinds.Generation;

namespace Sojourn.Tests.Models;

/// <summary>Pictures, as bytes and as addresses.</summary>
public sealed class ModelPictureTests
{
    private const int Limit = 64 << 10;

    [Fact]
    public async Task A_picture_comes_as_bytes_of_the_configured_size()
    {
        await using var easel = await Easel.SetUpAsync(options => options.ImageSize = "1536x1024");

        var picture = await easel.DrawAsync();

        picture.MediaType.ShouldBe("image/png");
        picture.Bytes.ToArray().ShouldBe(Pictures.Png());
        var asked = easel.Model.Requests.Single().Json;
        ((string?)asked["prompt"]).ShouldBe("A lighthouse at night.");
        ((string?)asked["size"]).ShouldBe("1536x1024");
        ((string?)asked["response_format"]).ShouldBe("b64_json");
        easel.Bill.Usage.ShouldBe(new Usage(Calls: 1, Images: 1));
    }

    [Fact]
    public async Task Models_that_refuse_to_be_asked_for_bytes_are_not()
    {
        await using var easel = await Easel.SetUpAsync(options => options.ImageModel = "gpt-image-1");

        await easel.DrawAsync();

        easel.Model.Requests.Single().Json.AsObject().ContainsKey("response_format").ShouldBeFalse();
    }

    [Theory]
    [InlineData(Limit, true)]
    [InlineData(Limit + 1, false)]
    public async Task A_picture_may_be_as_large_as_configured_and_no_larger(int bytes, bool isTaken)
    {
        await using var easel = await Easel.SetUpAsync(options => options.MaxPictureBytes = Limit);
        easel.Model.Next(PretendModel.Images, PretendModel.Picture(Pictures.Png(bytes)),
            PretendModel.PictureAt(easel.Model.Url + PretendModel.File));
        easel.Model.Always(PretendModel.File, PretendModel.Bytes(Pictures.Png(bytes), "image/png"));

        for (var way = 0; way < 2; way++)
        {
            if (isTaken)
            {
                (await easel.DrawAsync()).Bytes.Length.ShouldBe(bytes);
            }
            else
            {
                (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("MaxPictureBytes");
            }
        }

        easel.Model.Count(PretendModel.Images).ShouldBe(2);
        easel.Bill.Usage.Images.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        await using var easel = await Easel.SetUpAsync(options => options.MaxPictureBytes = Limit);
        var end = new HeldAnswer(_ => Task.CompletedTask);
        easel.Model.Next(PretendModel.Images, async http =>
        {
            await http.Response.Body.WriteAsync(new byte[1 << 20]);
            await end.AnswerAsync(http);
        });

        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("more than a picture may hold");
        await end.Abandoned();
    }

    [Theory]
    [InlineData("GIF89a, a picture of old")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    public async Task What_is_no_picture_that_can_be_shown_everywhere_is_refused(string text)
    {
        await using var easel = await Easel.SetUpAsync();
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        easel.Model.Next(PretendModel.Images, PretendModel.Picture(bytes),
            PretendModel.PictureAt(easel.Model.Url + PretendModel.File));
        easel.Model.Always(PretendModel.File, PretendModel.Bytes(bytes, "image/png"));

        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("no PNG, JPEG or WebP");
        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("no PNG, JPEG or WebP");

        easel.Model.Count(PretendModel.Images).ShouldBe(2);
    }

    [Fact]
    public async Task A_page_where_the_picture_should_be_is_refused()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Images, PretendModel.PictureAt(easel.Model.Url + PretendModel.File));
        easel.Model.Always(PretendModel.File, PretendModel.Bytes(Pictures.Png(), "text/html"));

        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("no picture");
    }

    [Fact]
    public async Task A_picture_at_an_address_is_fetched_without_the_key_and_drawn_once()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Images, PretendModel.PictureAt(easel.Model.Url + PretendModel.File));
        easel.Model.Next(PretendModel.File, PretendModel.Fail(503, retryAfter: "5"), PretendModel.CutAsync);
        easel.Model.Always(PretendModel.File, PretendModel.Bytes([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"));

        (await easel.DrawAsync()).MediaType.ShouldBe("image/jpeg");

        easel.Model.Requests.Where(request => request.Path == PretendModel.File)
            .ShouldAllBe(request => string.IsNullOrEmpty(request.Authorization));
        (easel.Model.Count(PretendModel.Images), easel.Model.Count(PretendModel.File)).ShouldBe((1, 3));
        easel.Bill.Usage.ShouldBe(new Usage(Calls: 1, Images: 1));
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/inside")]
    [InlineData("ftp://example.org/picture.png")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/files/picture")]
    public async Task An_address_that_leads_elsewhere_is_not_followed(string address)
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Images, PretendModel.PictureAt(address));

        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("neither HTTPS nor its own");
    }

    [Fact]
    public async Task Nor_is_one_that_leads_on()
    {
        await using var easel = await Easel.SetUpAsync();
        easel.Model.Next(PretendModel.Images, PretendModel.PictureAt(easel.Model.Url + PretendModel.File));
        easel.Model.Always(PretendModel.File, http =>
        {
            http.Response.Redirect("http://127.0.0.1:1/inside");
            return Task.CompletedTask;
        });

        (await Easel.FailureAsync(easel.DrawAsync())).ShouldContain("(302)");
        easel.Model.Count(PretendModel.File).ShouldBe(1);
    }

    [Fact]
    public async Task A_picture_that_is_not_base_64_is_asked_for_again_and_counted()
    {
        await using var easel = await Easel.SetUpAsync(options => options.PicturePrice = 0.04m);
        easel.Model.Next(PretendModel.Images,
            PretendModel.Raw("{\"created\":1,\"data\":[{\"b64_json\":\"!!!\"}]}"));

        (await easel.DrawAsync()).MediaType.ShouldBe("image/png");

        easel.Bill.Usage.ShouldBe(new Usage(Calls: 2, Images: 2, Cost: 0.08m));
    }
}
