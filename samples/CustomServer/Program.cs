// A server for kettles: a kind of one's own on HTTP, with a driver. The kind is in KettleKind.cs.
//
//   export SOJOURN_KEY=a-key-of-at-least-16-characters
//   dotnet run --project samples/CustomServer -- --urls http://127.0.0.1:7708 --data kettles
//
//   auth="Authorization: Bearer $SOJOURN_KEY"
//   mine=http://127.0.0.1:7708/v1/kettle/mine
//   curl -H "$auth" -X PUT $mine -H 'Content-Type: application/json' -d '{"water": 1.5}'
//   curl -H "$auth" -X POST $mine/boil
//   curl -H "$auth" -N $mine/events -H 'Accept: text/event-stream'
//   curl -H "$auth" $mine
//
// Stop it with Ctrl-C while a kettle heats, or with kill -9: started again it heats on, from where it was.
using CustomServer;
using Sojourn;
using Sojourn.Server;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
var data = builder.Configuration["data"] ?? Path.Combine(Path.GetTempPath(), "sojourn-kettles");
builder.Services.AddSojourn(options => options.UseSqlite(data))
    .AddKind<KettleKind>()
    .AddDriver<Kettle, Heater>();
builder.Services.AddSojournServer(options => options.Key = builder.Configuration["SOJOURN_KEY"]);

var app = builder.Build();
app.MapSojourn();
app.Run();
