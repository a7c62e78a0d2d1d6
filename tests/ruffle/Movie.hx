import flash.errors.Error;
import flash.events.DataEvent;
import flash.events.Event;
import flash.events.IOErrorEvent;
import flash.external.ExternalInterface;
import flash.net.XMLSocket;

/** The movie in ActionScript 3: as the one in avm1.py. **/
class Movie {
    static function report(kind:String, ?value:Dynamic):Void {
        ExternalInterface.call("report", kind, value);
    }

    static function main():Void {
        final socket = new XMLSocket();
        socket.addEventListener(Event.CONNECT, _ -> report("connect", true));
        socket.addEventListener(IOErrorEvent.IO_ERROR, _ -> report("connect", false));
        socket.addEventListener(DataEvent.DATA, (event:DataEvent) -> report("data", event.data));
        socket.addEventListener(Event.CLOSE, _ -> report("close"));
        ExternalInterface.addCallback("connectTo", (host, port) -> socket.connect(host, port));
        ExternalInterface.addCallback("say", (message) -> socket.send(message));
        ExternalInterface.addCallback("hangUp", () -> socket.close());
        report("ready");
    }
}
